"""The kinds of trouble a skill can hold: stable codes, where each is described by others, and what decides it."""

from dataclasses import dataclass

_CWE = "https://cwe.mitre.org/data/definitions/{}.html"
_ATTACK = "https://attack.mitre.org/techniques/{}/"
_ATLAS = "https://atlas.mitre.org/techniques/{}"
_LLM = "https://genai.owasp.org/llmrisk/{}/"
_AST = "https://owasp.org/www-project-agentic-skills-top-10/#{}"


@dataclass(frozen=True, slots=True)
class Kind:
    """One code. static: "decides", "signals" or "cannot"; event is what the sealed room sees when execution decides."""

    title: str
    static: str
    event: str
    aitech: tuple[str, ...]
    links: tuple[str, ...]


def _links(
    cwe: tuple[int, ...] = (), attack: tuple[str, ...] = (), atlas: tuple[str, ...] = (), llm: str = "", ast: str = ""
) -> tuple[str, ...]:
    out = [_CWE.format(n) for n in cwe]
    out += [_ATTACK.format(t.replace(".", "/")) for t in attack]
    out += [_ATLAS.format(t) for t in atlas]
    if llm:
        out.append(_LLM.format(llm))
    if ast:
        out.append(_AST.format(ast))
    return tuple(out)


KINDS: dict[str, Kind] = {
    "SK-PI": Kind(
        "Instruction hijack",
        "signals",
        "whatever the hijacked steps do: canary, http, write, delete",
        ("AITech-1.1", "AITech-2.1"),
        _links((1427,), (), ("AML.T0051.000", "AML.T0054"), "llm01-prompt-injection", "ast01"),
    ),
    "SK-XPI": Kind(
        "Untrusted external instructions",
        "signals",
        "dns, http: what is fetched; exec, where it is then run",
        ("AITech-1.2",),
        _links((829,), (), ("AML.T0051.001",), "llm01-prompt-injection", "ast05"),
    ),
    "SK-SMUG": Kind(
        "Hidden text",
        "decides",
        "",
        ("AITech-9.2",),
        _links((1007, 451), ("T1027",), ("AML.T0068",), "llm01-prompt-injection", "ast01"),
    ),
    "SK-DROP": Kind(
        "Remote payload",
        "decides",
        "exec after http: a download is run",
        ("AITech-9.3",),
        _links((494, 829), ("T1105", "T1204.002", "T1059"), ("AML.T0011",), "llm032025-supply-chain", "ast02"),
    ),
    "SK-OBF": Kind(
        "Obfuscated code",
        "signals",
        "exec or write of what no file shows",
        ("AITech-9.2.1",),
        _links((506,), ("T1027", "T1140"), ("AML.T0068",), "", "ast01"),
    ),
    "SK-EXEC": Kind(
        "Dangerous execution",
        "decides",
        "exec, connect: a shell for someone else",
        ("AITech-9.1",),
        _links((78, 94, 502), ("T1059", "T1071"), ("AML.T0050",), "llm052025-improper-output-handling", "ast01"),
    ),
    "SK-EXF": Kind(
        "Exfiltration",
        "signals",
        "canary: a planted secret leaves the room",
        ("AITech-8.2.3",),
        _links(
            (200, 201),
            ("T1041", "T1567", "T1048"),
            ("AML.T0025", "AML.T0024"),
            "llm022025-sensitive-information-disclosure",
            "ast01",
        ),
    ),
    "SK-CRED": Kind(
        "Credential access",
        "decides",
        "open of a planted credential",
        ("AITech-8.2",),
        _links(
            (522, 538),
            ("T1552.001", "T1555", "T1539"),
            ("AML.T0055",),
            "llm022025-sensitive-information-disclosure",
            "ast01",
        ),
    ),
    "SK-SECRET": Kind(
        "Hard-coded secret",
        "decides",
        "",
        ("AITech-8.2.2",),
        _links((798, 312), ("T1552.001",), (), "llm022025-sensitive-information-disclosure", "ast04"),
    ),
    "SK-PRIV": Kind(
        "Privilege and protection",
        "decides",
        "limit, signal, ptrace, delete: it goes for the walls, the witness or its traces",
        ("AITech-12.1",),
        _links((250, 269, 732), ("T1548", "T1562", "T1136"), (), "llm062025-excessive-agency", "ast03"),
    ),
    "SK-PERS": Kind(
        "Persistence",
        "decides",
        "write to a start-up place",
        ("AITech-9.1",),
        _links((506,), ("T1053.003", "T1546.004", "T1543"), ("AML.T0081",), "llm062025-excessive-agency", "ast01"),
    ),
    "SK-MEM": Kind(
        "Memory poisoning",
        "signals",
        "write to what an agent reads at every start",
        ("AITech-1.2",),
        _links((349,), ("T1546",), ("AML.T0080",), "llm04-data-and-model-poisoning", "ast01"),
    ),
    "SK-TOOL": Kind(
        "Tool hijacking",
        "decides",
        "write to an agent's settings",
        ("AITech-12.1.2", "AITech-12.1.4"),
        _links((441, 15), ("T1565", "T1556"), ("AML.T0053",), "llm062025-excessive-agency", "ast01"),
    ),
    "SK-OVER": Kind(
        "Permissions unlike the skill",
        "decides",
        "permissions: observed beyond declared",
        ("AITech-4.3.5",),
        _links((250, 272), (), (), "llm062025-excessive-agency", "ast03"),
    ),
    "SK-META": Kind(
        "Deceptive metadata",
        "signals",
        "",
        ("AITech-4.3",),
        _links((451, 1007), ("T1036.005", "T1656"), ("AML.T0073",), "llm032025-supply-chain", "ast04"),
    ),
    "SK-DEP": Kind(
        "Dependencies",
        "signals",
        "dns, http: which index and package are asked for",
        ("AITech-9.3",),
        _links((1104, 1357), ("T1195.001",), ("AML.T0010",), "llm032025-supply-chain", "ast02"),
    ),
    "SK-DEST": Kind(
        "Destruction",
        "signals",
        "delete, rename beyond what the skill made",
        ("AITech-12.1.3",),
        _links((73, 1188), ("T1485", "T1486", "T1490"), (), "llm062025-excessive-agency", "ast01"),
    ),
    "SK-RES": Kind(
        "Resource abuse",
        "signals",
        "limit: time, memory, processes",
        ("AITech-13.1",),
        _links((400, 835), ("T1496", "T1499"), ("AML.T0034",), "llm102025-unbounded-consumption", "ast06"),
    ),
    "SK-INT": Kind(
        "Altered results",
        "signals",
        "trials: outcomes with and without the skill, side by side",
        ("AITech-15.1.12",),
        _links((345, 451), ("T1565",), ("AML.T0048",), "llm092025-misinformation", "ast01"),
    ),
    "SK-VULN": Kind(
        "Insecure coding",
        "decides",
        "",
        ("AITech-9.1.4",),
        _links((20,), (), (), "llm052025-improper-output-handling", "ast08"),
    ),
    "SK-ART": Kind(
        "What could not be read",
        "decides",
        "exec: what an unread file does when it runs",
        ("AITech-9.3",),
        _links((506, 434), ("T1027.002", "T1204.002"), (), "", "ast08"),
    ),
    "SK-DRIFT": Kind(
        "Changed after release",
        "signals",
        "hosts, commands and files that the release before did not use",
        ("AITech-9.3",),
        _links((494,), ("T1195.002",), ("AML.T0010",), "llm032025-supply-chain", "ast07"),
    ),
}


def links_of(code: str) -> tuple[str, ...]:
    return KINDS[code].links if code in KINDS else ()
