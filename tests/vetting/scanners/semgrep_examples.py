"""For every semgrep rule of ours: code it must find, and code it must leave alone."""

# ruff: noqa: E501 (an example stands on one line)

EXAMPLES: dict[str, tuple[str, list[str], list[str]]] = {
    "py-shell-command-from-variable": (
        "py",
        [
            "import subprocess\ndef f(x):\n    subprocess.run('ls ' + x, shell=True)\n",
            "import os\ndef f(x):\n    os.system(f'ls {x}')\n",
        ],
        [
            "import subprocess\nsubprocess.run('ls | wc -l', shell=True)\n",
            "import subprocess\nsubprocess.run(['ls', x])\n",
            "import os\nos.system('clear')\n",
        ],
    ),
    "py-command-injection": (
        "py",
        [
            "import os, sys\nhost = sys.argv[1]\nos.system('ping ' + host)\n",
            "import subprocess\nq = input('? ')\nsubprocess.check_output(f'grep {q} x', shell=True)\n",
        ],
        [
            "import os, sys, shlex\nos.system('ping ' + shlex.quote(sys.argv[1]))\n",
            "import subprocess, sys\nsubprocess.run(['ping', sys.argv[1]])\n",
        ],
    ),
    "py-eval-of-input": (
        "py",
        [
            "import sys\nprint(eval(sys.argv[1]))\n",
            "import requests\nexec(requests.get('https://example.com/x').text)\n",
        ],
        ["import sys, ast\nprint(ast.literal_eval(sys.argv[1]))\n", "print(eval('1 + 1'))\n"],
    ),
    "py-eval-of-expression": ("py", ["def f(x):\n    return eval(x)\n"], ["eval('1')\n", "model.eval()\n"]),
    "py-unsafe-deserialization": (
        "py",
        ["import pickle\npickle.loads(b)\n", "import pandas as pd\npd.read_pickle('x')\n"],
        ["import json\njson.loads(b)\n", "import pickle\npickle.dumps(x)\n"],
    ),
    "py-model-with-code": (
        "py",
        ["m = AutoModel.from_pretrained('x', trust_remote_code=True)\n", "import torch\ntorch.load('x.pt')\n"],
        ["import torch\ntorch.load('x.pt', weights_only=True)\n"],
    ),
    "py-yaml-load": (
        "py",
        ["import yaml\nyaml.load(f)\n", "import yaml\nyaml.load(f, Loader=yaml.Loader)\n"],
        ["import yaml\nyaml.safe_load(f)\n", "import yaml\nyaml.load(f, Loader=yaml.SafeLoader)\n"],
    ),
    "py-tls-not-verified": (
        "py",
        [
            "import requests\nrequests.get(u, verify=False)\n",
            "import ssl\nc = ssl._create_unverified_context()\n",
            "s = object()\ns.verify = False\n",
        ],
        ["import requests\nrequests.get(u, verify='/ca.pem')\n"],
    ),
    "py-weak-hash": (
        "py",
        ["import hashlib\nhashlib.md5(x)\n"],
        ["import hashlib\nhashlib.sha256(x)\n", "import hashlib\nhashlib.md5(x, usedforsecurity=False)\n"],
    ),
    "py-weak-cipher": (
        "py",
        ["from Crypto.Cipher import AES\nAES.new(k, AES.MODE_ECB)\n", "from Crypto.Cipher import DES\nDES.new(k)\n"],
        ["from Crypto.Cipher import AES\nAES.new(k, AES.MODE_GCM)\n"],
    ),
    "py-sql-from-text": (
        "py",
        [
            "cur.execute(f'select * from t where a = {a}')\n",
            "conn.execute('select ' + a)\n",
            "db.execute('select %s' % a)\n",
        ],
        ["cur.execute('select * from t where a = ?', (a,))\n", "runner.execute(f'task {a}')\n"],
    ),
    "py-temporary-name": ("py", ["import tempfile\ntempfile.mktemp()\n"], ["import tempfile\ntempfile.mkstemp()\n"]),
    "py-archive-extract-all": (
        "py",
        ["import tarfile\nwith tarfile.open(p) as t:\n    t.extractall('.')\n"],
        ["import tarfile\nwith tarfile.open(p) as t:\n    t.extractall('.', filter='data')\n"],
    ),
    "py-path-from-request": (
        "py",
        ["import flask\ndef v():\n    return open('/data/' + flask.request.args['f']).read()\n"],
        ["import flask, os\ndef v():\n    return open('/data/' + os.path.basename(flask.request.args['f'])).read()\n"],
    ),
    "py-request-forgery": (
        "py",
        ["import flask, requests\ndef v():\n    return requests.get(flask.request.args['u']).text\n"],
        ["import requests\nrequests.get('https://example.com')\n"],
    ),
    "py-open-to-all": ("py", ["import os\nos.chmod('x', 0o777)\n"], ["import os\nos.chmod('x', 0o700)\n"]),
    "py-debug-server": ("py", ["app.run(debug=True)\n"], ["app.run(port=1)\n"]),
    "py-template-from-text": (
        "py",
        ["import flask\nflask.render_template_string(x)\n"],
        ["import flask\nflask.render_template_string('<b>{{ x }}</b>', x=x)\n"],
    ),
    "py-xml-entities": (
        "py",
        ["from lxml import etree\netree.XMLParser(resolve_entities=True)\n"],
        ["from lxml import etree\netree.XMLParser(resolve_entities=False)\n"],
    ),
    "py-ssh-any-host": (
        "py",
        ["import paramiko\nc = paramiko.SSHClient()\nc.set_missing_host_key_policy(paramiko.AutoAddPolicy())\n"],
        ["import paramiko\nc = paramiko.SSHClient()\nc.set_missing_host_key_policy(paramiko.RejectPolicy())\n"],
    ),
    "py-token-not-verified": (
        "py",
        ["import jwt\njwt.decode(t, options={'verify_signature': False})\n"],
        ["import jwt\njwt.decode(t, key, algorithms=['ES256'])\n"],
    ),
    "js-shell-command-from-text": (
        "js",
        [
            "const cp = require('child_process');\ncp.exec(`ls ${dir}`);\n",
            "execSync('ls ' + dir);\n",
            "spawn(cmd, [], { shell: true });\n",
        ],
        ["cp.execFile('ls', [dir]);\n", "execSync('ls');\n", "spawn('npm', ['test'], { shell: true });\n"],
    ),
    "js-command-injection": (
        "js",
        ["const { exec } = require('child_process');\nconst host = process.argv[2];\nexec('ping ' + host);\n"],
        ["const { execFile } = require('child_process');\nexecFile('ping', [process.argv[2]]);\n"],
    ),
    "js-eval": (
        "ts",
        ["eval(code);\n", "const f = new Function('a', code);\n"],
        ["eval('1');\n", "JSON.parse(code);\n"],
    ),
    "js-unsafe-deserialization": (
        "js",
        ["const s = require('node-serialize');\ns.unserialize(x);\n"],
        ["JSON.parse(x);\n"],
    ),
    "js-tls-not-verified": (
        "js",
        ["https.get({ host: h, rejectUnauthorized: false });\n", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\n"],
        ["https.get({ host: h });\n"],
    ),
    "js-weak-hash": ("js", ["crypto.createHash('md5').update(x);\n"], ["crypto.createHash('sha256').update(x);\n"]),
    "js-weak-cipher": (
        "js",
        ["crypto.createCipher('aes192', pw);\n", "crypto.createCipheriv('aes-128-ecb', k, null);\n"],
        ["crypto.createCipheriv('aes-256-gcm', k, iv);\n"],
    ),
    "js-sql-from-text": (
        "js",
        ["db.query(`SELECT * FROM t WHERE a = ${a}`);\n", "db.query('DELETE FROM t WHERE a = ' + a);\n"],
        ["db.query('SELECT * FROM t WHERE a = ?', [a]);\n", "api.query(`user/${a}`);\n"],
    ),
    "js-html-from-text": ("js", ["el.innerHTML = text;\n"], ["el.textContent = text;\n", "el.innerHTML = '';\n"]),
    "js-path-from-request": (
        "ts",
        ["import fs from 'fs';\napp.get('/', (req, res) => { fs.readFile('/data/' + req.query.f, cb); });\n"],
        [
            "import fs from 'fs';\napp.get('/', (req, res) => { fs.readFile('/data/' + path.basename(req.query.f), cb); });\n"
        ],
    ),
    "js-open-to-all": ("js", ["fs.chmodSync('x', 0o777);\n"], ["fs.chmodSync('x', 0o700);\n"]),
    "sh-eval-of-variable": (
        "sh",
        ['eval "$CMD"\n', "  eval $1\n"],
        ['eval "$(ssh-agent -s)"\n', "# eval $x\n", "echo eval $x\n"],
    ),
    "sh-command-string-from-variable": ("sh", ['bash -c "echo $1"\n'], ['bash -c \'echo "$1"\' _ "$1"\n']),
    "sh-tls-not-verified": (
        "sh",
        [
            "curl -k https://example.com/x\n",
            "curl -fsSk https://example.com/x\n",
            "wget --no-check-certificate https://example.com/x\n",
            "git config --global http.sslVerify false\n",
            "pip install --trusted-host example.com x\n",
        ],
        [
            "curl -fsSL https://example.com/x\n",
            "curl --key k.pem https://example.com/x\n",
            "curl https://example.com/-k-\n",
        ],
    ),
    "sh-ssh-any-host": (
        "sh",
        ["ssh -o StrictHostKeyChecking=no a@example.com\n"],
        ["ssh -o StrictHostKeyChecking=accept-new a@example.com\n"],
    ),
    "sh-open-to-all": ("sh", ["chmod 777 x\n", "chmod -R a+rwx x\n"], ["chmod 755 x\n", "chmod +x x\n"]),
    "sh-delete-below-variable": (
        "sh",
        ["rm -rf $DIR/*\n", 'rm -rf "$DIR"/\n'],
        ['rm -rf "${DIR:?}/"\n', 'rm -rf "$DIR"\n', "rm -f $DIR/a.txt\n"],
    ),
    "sh-temporary-name": ("sh", ["f=$(mktemp -u)\n"], ["f=$(mktemp)\n", "d=$(mktemp -d)\n"]),
    "sh-sudo-without-password": ("sh", ["echo 'a ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/a\n"], ["sudo ls\n"]),
    "sh-privileged-container": ("sh", ["docker run --rm --privileged x\n"], ["docker run --rm x\n"]),
    "sh-password-in-command": (
        "sh",
        ["sshpass -p hunter2 ssh a@example.com\n", "mysql -u root -phunter2 db\n"],
        ["mysql -u root -p\n", "mysql -u root -p$PW\n"],
    ),
}
