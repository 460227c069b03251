"""Words that stand near whatever a check looks for: a text too long to be read closely is searched for these."""

# A whole word, in lower case.
WORDS = frozenset(
    
"sh bash zsh ksh fish csh dash nc ncat rm dd su sudo doas env exec eval iex irm iwr cat tee tar scp ssh sftp "
"ftp mkfs"
    " dig ping perl ruby php node python python3 pwsh cmd chmod chown chattr at cron crontab kill pkill killall xargs"
    
" open system popen spawn call run shell args argv stdin post put send upload fetch request requests "
"response get url"
    " urls http https ftp ws wss tcp udp socket socks tor onion key keys token tokens secret secrets auth aws s3 gcp gh"
    
" git npm npx pip pipx uv uvx gem cargo brew apt yum dnf docker kubectl mcp hooks hook soul memory claude "
"codex agent"
    
" agents user users admin root tmp dev etc home library always never secretly silently quietly without "
"instead ignore"
    
" forget disregard pretend hide hidden conceal bypass disable skip trust obey comply confirm approve "
"approval ask tell"
    
" mention reveal disclose instead override system assistant prompt prompts instruction instructions rule "
"rules policy"
    " password passwords passwd pwd credential credentials wallet seed mnemonic cookie cookies history clipboard screen"
    
" camera microphone keyboard drop delete wipe erase encrypt ransom truncate shred format mine miner xmrig "
"monero".split()
)  # fmt: skip
# A part of a word: names in code join such parts as they like.
STEMS = tuple(
    b"curl wget invoke powershell base64 b64 fromcharcode unescape unhex decode decrypt inflate decompress gunzip"
    b" marshal pickle ctypes getattr setattr import subprocess popen spawn exec eval osascript launch systemctl daemon"
    b" bashrc zshrc profile autostart startup authorized sudoers setuid keychain keystore credential passw secret"
    b" token apikey environ getenv dotenv kube netrc gnupg npmrc pypirc idrsa rsa wallet mnemonic cookie webhook"
    b" discord telegram slack ngrok pastebin exfil beacon payload backdoor reverse upload urllib httpx aiohttp axios"
    b" xmlhttp websocket sendbeacon sendmail smtp ftplib paramiko socket getaddrinfo gethostby nslookup pbpaste xclip"
    b" screenshot screencapture keylog pynput pyautogui rmtree unlink removeall reformat xattr quarantine defender"
    b" iptables firewall selinux stratum instruct jailbreak developermode override disregard unrestricted unfiltered"
    b" whitelist preapproved allowlist akia ghp xox begin private"
    .split()
)  # fmt: skip
