"""Skills whose subject is attacks: naming one is their work, doing one is not."""

import re

# Narrower than Skill.is_about_security. An audit, a scanner or something called secure is no lesson about attacks, and
# whoever plants an attack may choose such a name.
_SUBJECT = re.compile(
    r"\b(?:security|vulnerab\w+|malware|threats?|injection|pen-?test\w*|red.?team\w*|blue.?team\w*|forensic\w*"
    r"|penetration|exploit\w*|privilege escalation|offensive|hacking|ctf|attack\w*|incident response|malicious"
    r"|adversar\w+)\b"
    r"|渗透|漏洞|攻防|红队|蓝队|取证|应急响应|网络安全|恶意(?:代码|软件|程序)|脆弱性|ペネトレーション|マルウェア"
    r"|フォレンジック|кибербезопасност|уязвимост|пентест|schwachstellen|sicherheitsprüf|vulnérabilité"
    r"|vulnerabilidad"
)


def studies_attacks(skill) -> bool:
    """Does the skill say that attacks are what it is about?"""
    if "_studies_attacks" not in skill.__dict__:
        skill.__dict__["_studies_attacks"] = bool(_SUBJECT.search(f"{skill.name} {skill.description}".lower()))
    return skill.__dict__["_studies_attacks"]
