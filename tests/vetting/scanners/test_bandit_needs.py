"""What bandit is not asked it would not have found; what it is asked it answers as its own visitor does."""

# ruff: noqa: E501 (an example stands on one line)

import pytest
from bandit.core.config import BanditConfig
from bandit.core.manager import BanditManager

from tests.vetting.conftest import SAMPLES
from tests.vetting.scanners.semgrep_examples import EXAMPLES as SEMGREP
from vetting.installed import version_of
from vetting.scanners import Source, bandit, bandit_needs, bandit_worker, pieces_of
from vetting.scanners.bandit_needs import NEEDS, TROJAN, numbers_for
from vetting.scanners.words import Text, is_met

# For every test of bandit that we run: code in which it finds something, by the number it reports.
FOUND = {
    "B102": ["exec(x)", "import builtins\nexec (x)"],
    "B103": ["import os\nos.chmod('a', 0o777)", "import os\nos.fchmod(f, 0o777)"],
    "B104": ["s.bind(('0.0.0.0', 80))", "s.bind(('0.0.' '0.0', 80))", r"s.bind(('\x30.0.0.0', 80))"],
    "B108": ["x = '/tmp/a'", "x = '/dev/shm/a'", "x = '/var/tmp'", "x = '/t' \\\n  'mp/a'", "x = '/t\\\nmp/a'"],
    "B201": ["import flask\napp = flask.Flask(x)\napp.run(debug=True)"],
    "B202": ["import tarfile\ntarfile.open(x).extractall()"],
    "B301": ["import pickle\npickle.loads(x)", "from shelve import open as o\no(x)", "import pandas\npandas.read_pickle(x)"],
    "B302": ["import marshal\nmarshal.loads(x)"],
    "B303": ["from Crypto.Hash import MD5\nMD5.new()"],
    "B304": ["from cryptography.hazmat.primitives.ciphers import algorithms\nalgorithms.ARC4(k)"],
    "B305": ["from cryptography.hazmat.primitives.ciphers.modes import ECB\nECB()"],
    "B306": ["import tempfile\ntempfile.mktemp()"],
    "B307": ["eval(x)", "ｅval(x)"],
    "B308": ["from django.utils.safestring import mark_safe\nmark_safe(x)"],
    "B310": ["import urllib.request as u\nu.urlopen(x)", "from urllib.request import urlretrieve\nurlretrieve(x)"],
    "B312": ["import telnetlib\ntelnetlib.Telnet(x)"],
    "B313": ["import xml.etree.cElementTree as E\nE.parse(x)"],
    "B314": [
        "from xml.etree import ElementTree\nElementTree.fromstring(x)",
        "import os, xml.etree.ElementTree as E\nE.parse(x)",
        "from xml \\\n import etree\netree.ElementTree.parse(x)",
        "from . import (a,\n xml)\nxml.etree.ElementTree.parse(x)",
        "(xml).etree.ElementTree.parse(x)",
    ],
    "B315": ["import xml.sax.expatreader\nxml.sax.expatreader.create_parser(x)"],
    "B316": ["import xml.dom.expatbuilder\nxml.dom.expatbuilder.parse(x)"],
    "B317": ["import xml.sax\nxml.sax.make_parser()"],
    "B318": ["from xml.dom import minidom\nminidom.parseString(x)"],
    "B319": ["from xml.dom import pulldom\npulldom.parse(x)"],
    "B321": ["import ftplib\nftplib.FTP(x)"],
    "B323": ["import ssl\nssl._create_unverified_context()"],
    "B324": ["import hashlib\nhashlib.md5(x)", "import hashlib\nhashlib.new('sha' '1', x)", "from hashlib import sha1 as h\nh(x)"],
    "B413": ["import Crypto.Cipher", "import importlib\nimportlib.import_module('Cry' 'pto.Cipher')"],
    "B415": ["import pyghmi.ipmi"],
    "B501": ["import requests\nrequests.get(u, verify=False)", "import httpx\nhttpx.Client(verify=False)"],
    "B502": ["import ssl\nssl.wrap_socket(ssl_version=ssl.PROTOCOL_SSLv2)", "f(method=SSL.TLSv1_METHOD)"],
    "B503": ["import ssl\ndef f(v=ssl.PROTOCOL_TLSv1):\n    pass"],
    "B504": ["import ssl\nssl.wrap_socket(s)"],
    "B505": [
        "from cryptography.hazmat.primitives.asymmetric import rsa\nrsa.generate_private_key(3, 512)",
        "from Crypto.PublicKey import RSA\nRSA.generate(512)",
    ],
    "B506": ["import yaml\nyaml.load(x)", "import yaml\nfrom yaml import load as l\nl(x)"],
    "B507": ["import paramiko\nc = paramiko.SSHClient()\nc.set_missing_host_key_policy(paramiko.AutoAddPolicy)"],
    "B508": ["from pysnmp.hlapi import CommunityData\nCommunityData('x', mpModel=0)"],
    "B509": ["from pysnmp.hlapi import UsmUserData\nUsmUserData('x')"],
    "B601": ["import paramiko\nc.exec_command(x)"],
    "B602": ["import subprocess\nsubprocess.run(x, shell=True)", "from subprocess import Popen as P\nP(x, shell=True)"],
    "B604": ["f(x, shell=True)"],
    "B605": ["import os\nos.system(x)", "from os import popen as p\np(x)", "import subprocess as s\ns.getoutput(x)"],
    "B606": ["import os\nos.execvp(x, y)", "import os\nos.spawnlp(x, y)"],
    "B608": [
        "c.execute('select * from t where a=' + x)",
        "q = f'DELETE from {t} where 1'",
        "q = 'insert into t\\nvalues (%s)' % x",
        "q = 'up' 'date t set a=%s' % x",
        "q = 'sel\\x65ct a from t where %s' % x",
        "q = '\\nselect\\ta\\nfrom\\nt where %s' % x",
        "q = f'select{a} from{b} t'",
        "q = 'SELECT' + ' a' + x + ' FROM' + ' t'",
    ],
    "B609": ["import os\nos.system('tar cf x *')", "import subprocess\nsubprocess.Popen('chown a *', shell=True)"],
    "B610": ["q.extra(where=[x])"],
    "B611": ["from django.db.models.expressions import RawSQL\nRawSQL(x)"],
    "B612": ["import logging.config\nlogging.config.listen(9999)"],
    "B613": ["x = 1  # a\u202eb"],
    "B614": ["import torch\ntorch.load(x)"],
    "B615": ["from transformers import AutoModel\nAutoModel.from_pretrained(x)", "import datasets\ndatasets.load_dataset(x)"],
    "B701": ["import jinja2\njinja2.Environment()", "from jinja2 import Environment as E\nE(autoescape=False)"],
    "B702": ["from mako.template import Template\nTemplate(x)"],
    "B703": ["from django.utils.safestring import SafeString\nSafeString(x)"],
    "B704": ["from markupsafe import Markup\nMarkup(x)"],
}  # fmt: skip


@pytest.fixture(scope="module")
def manager():
    """bandit itself, told to run nothing."""
    profile = {"include": set(), "exclude": bandit_worker.UNHELPFUL}
    return BanditManager(BanditConfig(), "file", profile=profile, ignore_nosec=True, quiet=True)


def every_test(manager) -> dict:
    return {test._test_id: test for tests in manager.b_ts.tests.values() for test in tests}


def test_the_table_is_of_the_version_that_is_installed_and_names_all_its_tests(manager):
    assert version_of("bandit") in bandit_needs.VERSIONS
    assert {*NEEDS, TROJAN} == set(every_test(manager))


def test_everything_on_bandits_own_lists_is_in_the_table(manager):
    tests = every_test(manager)
    listed = {
        "B001": {name for kind in tests["B001"]._config.values() for one in kind for name in one["qualnames"]},
        "B605": tests["B605"]._config["shell"],
        "B606": tests["B606"]._config["no_shell"],
        "B602": [f"{call} shell" for call in tests["B602"]._config["subprocess"]],
    }
    for number, names in listed.items():
        assert len(names) > 4
        assert all(is_met(NEEDS[number], Text(f"import {name}")) for name in names), number
    for word in (*tests["B502"]._config["bad_protocol_versions"],):
        assert is_met(NEEDS["B502"], Text(word)) and is_met(NEEDS["B503"], Text(word))
    assert all(is_met(NEEDS["B108"], Text(folder)) for folder in tests["B108"]._config["tmp_dirs"])


def issues(pieces, tests) -> list[list[tuple]]:
    answers = bandit._asked(pieces, tests)
    return [
        sorted((one["test_id"], one["line_number"], one["issue_severity"], one["issue_text"]) for one in answer.issues)
        for answer in answers
    ]


def test_every_test_is_run_on_what_it_finds_and_finds_the_same(bundle):
    assert set(FOUND) - {"B3", "B4"} >= set(NEEDS) - {"B001"}
    codes = [(number, code) for number, codes in FOUND.items() for code in codes]
    pieces = pieces_of(bundle({f"{n:03}.py": code + "\n" for n, (_, code) in enumerate(codes)}))
    chosen = [numbers_for(piece.text) for piece in pieces]
    whole, parts = issues(pieces, [None] * len(pieces)), issues(pieces, chosen)
    for (number, code), all_found, found in zip(codes, whole, parts, strict=True):
        assert number in {one[0] for one in all_found}, code
        assert found == all_found, code


def test_the_samples_and_the_examples_give_the_same_with_every_test(bundle):
    code = {f"s{n}.py": path.read_text() for n, path in enumerate(sorted(SAMPLES.rglob("*.py")))}
    python = [(bad, good) for ending, bad, good in SEMGREP.values() if ending == "py"]
    code |= {f"e{n}.py": text for n, text in enumerate(one for both in python for some in both for one in some)}
    # Nodes in every place, also those that no test stops at.
    code["all.py"] = "\n".join(one for codes in FOUND.values() for one in codes if "\\\n" not in one) + "\n"
    code["nested.py"] = "class A:\n async def f(s):\n  with a: return [lambda x=eval(y): {'/tmp': (os.system(x),)}]\n"
    pieces = pieces_of(bundle(code))
    chosen = [numbers_for(piece.text) for piece in pieces]
    whole = issues(pieces, [None] * len(pieces))
    assert issues(pieces, [one or [] for one in chosen]) == whole
    assert sum(map(len, whole)) > 100 and chosen.count([]) > 30


def test_what_names_nothing_that_bandit_knows_is_not_asked_about(bundle, monkeypatch):
    monkeypatch.setattr(bandit, "_asked", lambda *arguments: pytest.fail("bandit is started for nothing"))
    calm = bundle({"a.py": "import sys\nprint(evaluate(sys.argv), executed, '/temporary')\n"})
    (result,) = bandit.scan([Source(calm, pieces_of(calm))])
    assert (result.state, result.findings) == ("ok", [])


@pytest.mark.parametrize(
    "code", ["print 'two'\n", "def f(:\n", "return (yield)\n)", "nonlocal x\n", "def f(a, a): pass\n"]
)
def test_what_does_not_parse_is_asked_about(code, bundle):
    (piece,) = pieces_of(bundle({"a.py": code}))
    assert numbers_for(piece.text) == [] and bandit._tests_for_each([piece]) == [None]


@pytest.mark.parametrize(
    "code", ["# coding: utf-7\nx = 1\n", "#!/usr/bin/python\n# -*- coding: latin-1 -*-\n", 'x = "\\N{SOLIDUS}tmp"\n']
)
def test_of_what_is_written_in_another_way_nothing_is_known(code):
    assert numbers_for(code) is None
    assert numbers_for("# coding: utf-8\nx = 1\n") == []


def test_of_another_version_nothing_is_known(bundle, monkeypatch):
    monkeypatch.setattr(bandit, "version", lambda: "1.8.0")
    pieces = pieces_of(bundle({"a.py": "x = 1\n"}))
    assert bandit._tests_for_each(pieces) == [None]


def test_a_text_of_quotes_and_blanks_is_put_together_in_little_time():
    for text in ('"' + " " * 400_000, '" ' * 200_000, "\\" * 400_000, "'\\\n" * 130_000, "\\x4" * 100_000):
        assert isinstance(bandit_needs._put_together(text), str)
