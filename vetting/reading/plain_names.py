"""What names stand for in languages that are read statement by statement: deeds, and where values come from.

One list for all of them: the names of one language seldom mean something else in another, and a statement is judged by
what flows through it, not by its name alone.
"""

import re

from vetting.reading import programs as p
from vetting.reading.prefilter import Guarded, guarded


def _any(names: str) -> Guarded:
    """One of these names, in any case; lines begin and end as the text's do."""
    return guarded(re.compile(names, re.I | re.MULTILINE))


LANGS = frozenset(
    [
        "powershell",
        "batch",
        "ruby",
        "perl",
        "php",
        "go",
        "rust",
        "applescript",
        "lua",
        "swift",
        "java",
        "csharp",
        "r",
        "awk",
    ]
)
SENDS = _any(
    r"\b(?:Invoke-RestMethod|Invoke-WebRequest|irm|iwr|curl(?:\.exe)?|Send-MailMessage|Start-BitsTransfer"
    r"|bitsadmin|Resolve-DnsName|nslookup)\b"
    r"|\.(?:Upload(?:String|File|Data|Values)\w{0,10}|PostAsync|PostAsJsonAsync|PutAsync|SendAsync"
    r"|GetRequestStream|sendAsync)\b"
    r"|\bNet::(?:HTTP|SMTP|FTP)\b|\b(?:HTTParty|RestClient|Faraday|Excon|Typhoeus|TCPSocket|UDPSocket)\b"
    r"|\b(?:curl_exec|curl_setopt(?:_array)?|fsockopen|stream_socket_client|wp_remote_(?:post|get)|gethostbyname"
    r"|dns_get_record)\b"
    r"|\b(?:stream_context_create|file_get_contents|fopen)\s{0,3}\([^\n]{0,200}?(?:http|\$ctx|context)"
    r"|\bhttp\.(?:Post|PostForm|NewRequest\w{0,12}|Get|Head)\b|\bnet\.(?:Dial\w{0,10}|Lookup\w{1,8})\b"
    r"|\b(?:client|c|httpClient)\.Do\("
    r"|\b(?:reqwest|ureq|hyper|minreq|attohttpc)\b|\bTcpStream::connect\b|\bto_socket_addrs\b"
    r"|\b(?:LWP|HTTP::Tiny|IO::Socket|Mojo::UserAgent)\b|->(?:post|put|request)\b"
    r"|\b(?:httr2?::)?(?:(?-i:POST|PUT)|req_perform|curl_fetch_\w{1,8})\s{0,3}\(|\bhttr2?\b"
    r"|\b(?:https?|socket|ltn12)\.(?:request|connect|tcp)\b|\bresty\.http\b"
    r"|\bURLSession\b|\bNWConnection\b|\bAF\.(?:request|upload)\b"
    r"|\bHttp(?:Client|URLConnection|Request|WebRequest)\b|\bopenConnection\b|\bgetOutputStream\b"
    r"|\bOkHttpClient\b|\.newCall\(|\bnew\s{1,3}(?:Socket|TcpClient|WebClient)\b|\bNet\.(?:WebClient|Sockets)\b"
    r"|\.(?:send|Send)\b|\.(?:post|put)\b\s{0,3}\("
)
FETCHES = _any(
    r"\b(?:Invoke-RestMethod|Invoke-WebRequest|irm|iwr|Start-BitsTransfer|bitsadmin)\b"
    r"|\bcertutil\b[^\n]{0,60}urlcache|\.Download(?:String|File|Data)\w{0,10}\b|\bDownload(?:String|File|Data)\b"
    r"|\bNet::HTTP\b|\bURI\.open\b|\bopen-uri\b|\b(?:HTTParty|RestClient|Faraday)\.get\b"
    r"|\bfile_get_contents\s{0,3}\(\s{0,3}[\"']https?:|\bcurl_exec\b|\bhttp\.Get\b|\b(?:client|httpClient)\.Do\("
    r"|\breqwest\b|\bureq\b"
    r"|->get\b|\bLWP::Simple\b|\b(?:https?|socket\.http)\.request\b|\bcontentsOf:\s{0,3}URL\(string"
    r"|\bdownload\.file\s{0,3}\(|(?<![\w.])url\s{0,3}\(\s{0,3}[\"']https?:|\bGetStringAsync\b"
    r"|\bGetByteArrayAsync\b|\bopenStream\b|\bHttpClient\b|\bresponse(?:Body|Text)\b"
)
SHELL = _any(
    r"\bStart-Process\b|\b(?:system|exec|popen|passthru|shell_exec|proc_open|spawn|IO\.popen|Open3\.\w{1,12}"
    r"|Process\.(?:spawn|Start|run)|os\.execute|io\.popen|system2|shell\.exec)\b\s{0,3}[\(\"'\[$@]"
    r"|\bexec\.Command\w{0,8}\(|\bCommand::new\(|\bRuntime\.getRuntime\(\)\.exec\b|\bProcessBuilder\b"
    r"|\bdo\s{1,3}shell\s{1,3}script\b|\.Run\b\s{0,3}[\(\"\w]|\.Exec\b\s{0,3}\(|\bShellExecute\b|%x[\(\[{]"
    r"|\bqx[\(\[{/]|^\s{0,20}[\w$@]{0,30}\s{0,3}=?\s{0,3}`[^`\n]{3,}"
    r"|\bInvoke-Item\b|(?:^|[;{(]\s{0,4})start\s{1,3}(?:/\w{1,4}\s{1,3}){0,3}[\"%\w]"
)
CODE = _any(
    r"\b(?:iex|Invoke-Expression|ScriptBlock\]::Create|Assembly\]?(?:::|\.)Load\w{0,8}|DefineClass|URLClassLoader"
    r"|ExecuteGlobal|create_function|loadstring|instance_eval|class_eval|module_eval|plugin\.Open|Library::new)\b"
    r"|(?<![\w.$>-])eval\b\s{0,3}[\(\"'$@\w]|(?<![\w.$:>-])(?:load|loadfile|dofile)\s{0,3}\("
    r"|(?<![\w.])Execute\s{0,3}\(|(?<![\w.$])source\s{0,3}\(\s{0,3}(?:url|[\"']https?:)|\brun\s{1,3}script\b"
)
READS = _any(
    r"\bFile\.(?:read\w{0,8}|open|binread|foreach|new)\b|\bIO\.(?:read\w{0,8}|File)\b"
    r"|\b(?:file_get_contents|fopen|readfile|file|opendir|scandir|glob)\s{0,3}\("
    r"|\bos\.(?:ReadFile|Open|ReadDir)\b|\bioutil\.Read\w{1,8}\b|\bfs::read\w{0,12}|\bFile::open\b"
    r"|\bio\.(?:open|lines)\b|\bopen\s{0,3}\(?\s{0,3}(?:my|FH|\$|\w{1,20},)|\bslurp\b"
    r"|\bFiles\.(?:read\w{0,12}|newBuffered\w{1,8}|copy|walk|list)\b|\bnew\s{1,3}File(?:Reader|InputStream)\b"
    r"|\bcontentsOf(?:File|:)|\bcontents\(atPath|\bread(?:_to_string|Text|Bytes|Lines)\b"
    r"|\bGet-Content\b|(?<![\w-])gc\s|\bReadAll\w{1,8}\b|\bStreamReader\b|\bOpenTextFile\b|\bCopy-Item\b"
    r"|\bCompress-Archive\b|(?<![\w-])(?:cat|type|copy|xcopy|robocopy|cp|tar|zip|more)\s|\bGet-ItemProperty\b"
    r"|\breg(?:\.exe)?\s{1,3}(?:query|export|save)\b|\bDir(?:\.glob|\[)|\|\s{0,3}getline\b"
    r"|\bread\s{1,3}(?:file\b|\()"
)
# Programs and calls that give out what other programs keep secret.
_STORES = _any(
    r"\bcmdkey(?:\.exe)?\b[^\n]{0,20}/list|\bnetsh\b[^\n]{0,80}\bwlan\b[^\n]{0,120}key\s{0,3}=\s{0,3}clear"
    r"|\bProtectedData\b[^\n]{0,40}Unprotect|\bCryptUnprotectData\b|\bvaultcmd\b[^\n]{0,40}/list"
    r"|\bPasswordVault\b|\bGet-StoredCredential\b|SimonTatham\\\\?PuTTY|\bWinSCP[ 2\\]"
    r"|\breg(?:\.exe)?\s{1,3}save\b[^\n]{0,40}\b(?:sam|security|system)\b"
    r"|\bsecurity\s{1,3}(?:find|dump)-\w{1,12}-?(?:password|keychain)"
    r"|\bConvertFrom-SecureString\b[^\n]{0,60}-AsPlainText|\blsass\b"
)
_WATCHES = _any(
    r"\bGet-Clipboard\b|\bClipboard\]?(?:::|\.)Get\w{1,10}|\bCopyFromScreen\b|\bthe\s{1,3}clipboard\b|\bpbpaste\b"
    r"|\bwith\s{1,3}hidden\s{1,3}answer\b|\bGetAsyncKeyState\b|\bSetWindowsHookEx\w?\b|\bscreencapture\b"
    r"|\bUIPasteboard\b|\bNSPasteboard\b"
)
_ENVIRONMENT = _any(
    r"\b(?:Get-ChildItem|gci|dir|ls|Get-Item)\s{1,3}(?:-Path\s{1,3})?[\"']?Env:"
    r"|\bGetEnvironmentVariables\(\s{0,3}\)|\bENV\.(?:to_h|map|each|select|to_a|inspect|filter|collect)\b"
    r"|\bENV\.to_s\b|\bos\.Environ\(\)|\benv::vars\w{0,3}\(|\bSystem\.getenv\(\s{0,3}\)|\bgetenv\(\s{0,3}\)"
    r"|\$_ENV\b(?!\s{0,3}\[)|\bkeys\s{1,3}%ENV\b|(?<![\w%])%ENV\b|\bprocessInfo\.environment\b(?!\s{0,3}\[)"
    r"|(?:^|[|&(]\s{0,3})set\s{0,3}(?:>|\|)"
)
_SYSTEM = _any(
    r"\$env:(?:COMPUTERNAME|USERNAME|USERDOMAIN)|\bwhoami\b|\bhostname\b|\bsysteminfo\b|\bGetHostName\b|\buname\b"
    r"|\bipconfig\b"
)
_DECODES = _any(
    r"\bFromBase64String\b|\bbase64_decode\b|\bBase64\.(?:decode64|strict_decode64|urlsafe_decode64|getDecoder)\b"
    r"|\bdecode_base64\b|\bgzinflate\b|\bgzuncompress\b|\bstr_rot13\b|\bunpack\s{0,3}\(?\s{0,3}[\"'](?:m|u|H)"
    r"|\.unpack1?\(?\s{0,3}[\"'](?:m|H)|\bbase64\.StdEncoding\.Decode\w{0,8}\b|\bhex\.DecodeString\b"
    r"|\bmime\.unb64\b|\bData\(base64Encoded\b|\bcertutil\b[^\n]{0,30}-decode"
)
_FROM = (
    (READS, p.FILE),
    (FETCHES, p.REMOTE),
    (_DECODES, p.DECODED),
    (_WATCHES, p.WATCH),
    (_STORES, p.CRED_FILE),
    (_ENVIRONMENT, p.ENV_ALL),
    (_SYSTEM, p.SYSTEM),
)
# In the order of gravity: what a statement does is all of these that stand in it.
DEEDS = ((CODE, p.RUNS_CODE), (SHELL, p.RUNS_SHELL), (SENDS, p.SENDS), (FETCHES, p.FETCHES))
WRITES = _any(
    r"\b(?:Out-File|Set-Content|Add-Content|Tee-Object|Copy-Item|Compress-Archive|Export-\w{2,8}|-OutFile"
    r"|WriteAll\w{1,8}|SaveToFile|DownloadFile|bitsadmin|certutil|Start-BitsTransfer|file_put_contents|fwrite"
    r"|fputs|File\.(?:write|binwrite)|os\.WriteFile|fs::write|io\.copy|xcopy|writeString)\b"
    r"|(?<![\w-])(?:copy|cp)\s|\bFile\.open\b|[^-=<|>]>{1,2}\s{0,3}[\"'%$\w/~.]|-o\s{1,3}\S|\.write(?:_all)?\("
)
ONE_VARIABLE = re.compile(
    r"(?:\$env:|\bENV(?:\.fetch)?\s{0,2}[\[\(\{]\s{0,2}[\"']?|\$ENV\{\s{0,2}[\"']?"
    r"|\b(?:get|Get)env\s{0,2}\(\s{0,2}[\"']|\benv::var\w{0,3}\(\s{0,2}\"|\$_(?:ENV|SERVER)\[\s{0,2}[\"']"
    r"|\bGetEnvironmentVariable\(\s{0,2}[\"']|\.environment\[\s{0,2}\")([A-Za-z_]\w{2,60})"
)


class Present:
    """Which of all these patterns occur in a program at all; only they are looked for in each of its statements."""

    def __init__(self, sheet: str) -> None:
        self.sources = [(pattern, label) for pattern, label in _FROM if pattern.search(sheet)]
        self.deeds = [(pattern, kind) for pattern, kind in DEEDS if pattern.search(sheet)]
        self.writes = bool(WRITES.search(sheet))

    def origins(self, statement: str) -> set[str]:
        """The labels of what a statement brings about, whatever flows into it."""
        return {label for pattern, label in self.sources if pattern.search(statement)}

    def deeds_of(self, statement: str) -> list[tuple[str, str]]:
        """What a statement does, with the name that says so; what sends is not told of as fetching too."""
        found = [
            (m.group().strip("( \t\"'")[:60], kind) for pattern, kind in self.deeds if (m := pattern.search(statement))
        ]
        kinds = {kind for _, kind in found}
        return [one for one in found if one[1] != p.FETCHES or p.SENDS not in kinds]

    def saves(self, statement: str) -> bool:
        return self.writes and bool(WRITES.search(statement))
