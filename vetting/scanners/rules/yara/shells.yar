/* Remote control: reverse shells and web shells. Each rule wants the parts that make the thing work, not one word. */

rule reverse_shell_dev_tcp
{
    meta:
        code = "SK-EXEC"
        severity = "high"
        why = "A shell whose input and output are a network connection: whoever is at the other end commands the machine."
        link = "https://attack.mitre.org/techniques/T1059/004/"
    strings:
        $a = /(ba|z|k|da)?sh\s+-i\s*(>&|&>|>|<|[0-9]>&)[^\n]{0,40}\/dev\/(tcp|udp)\//
        $b = /exec\s+[0-9]{1,3}<>\s*\/dev\/(tcp|udp)\/([^l1\n]|l[^o\n]|lo[^c\n]|1[^2\n]|12[^7\n])[^\n]{1,200}/
        $tied = /\b((ba|z|k|da)?sh|eval|exec|do|python3?|perl)\b[^\n]{0,80}[<>]&\s?[0-9]{1,3}\b/
        $c = /[0-9]<&[0-9]{1,3}[^\n]{0,40}\/dev\/(tcp|udp)\//
        $d = /\/dev\/(tcp|udp)\/[^\n]{1,120}0>&1/
    condition:
        $a or $c or $d or ($b and $tied)
}

rule reverse_shell_netcat
{
    meta:
        code = "SK-EXEC"
        severity = "high"
        why = "netcat or socat hands a shell to a network connection."
        link = "https://attack.mitre.org/techniques/T1059/004/"
    strings:
        $a = /\b(nc|ncat|netcat)(\.exe)?\s[^\n|;]{0,80}-(e|c|ne|ve|nve|lvpe|lpe)\s*["']?\/?[\w\/]{0,20}(sh|bash|zsh|cmd\.exe|powershell)\b/
        $b = /mkfifo\s+[^\n;]{1,80};[^\n]{0,80}sh\s+-i[^\n]{0,60}\|\s*(nc|ncat|netcat)\s/
        $c = /socat\s[^\n]{0,120}exec:["']?[^\n]{0,40}(sh|bash)\b[^\n]{0,120}(tcp|udp|openssl)[-:]/ nocase
        $d = /socat\s[^\n]{0,80}(tcp|openssl)[-:][^\n]{0,120}exec:["']?[^\n]{0,40}(sh|bash)\b/ nocase
    condition:
        any of them
}

rule reverse_shell_script
{
    meta:
        code = "SK-EXEC"
        severity = "high"
        why = "A socket is put in the place of the standard streams and a shell is started on it."
        link = "https://attack.mitre.org/techniques/T1059/"
    strings:
        $socket = "socket" nocase
        $dup = /\bdup2\s*\(\s*\w+(\.fileno\(\))?\s*,\s*[0-2]\s*\)/
        $shell = /\b(pty\.spawn|subprocess\.(call|run|Popen)|os\.(system|execl|execve|execvp)|exec)\s*\(?\s*\[?\s*["'](\/bin\/)?(ba|z|da)?sh["']/
        $perl = /open\(STDIN,\s*["']>&S["']\)[^\n]{0,120}exec/
        $ruby = /TCPSocket\.(new|open)[^\n]{0,160}(exec|spawn|popen)[^\n]{0,80}sh/
        $php = /fsockopen\([^\n]{0,120}(shell_exec|exec|proc_open|passthru|system)\([^\n]{0,60}sh\b/
        $node = /net\.(Socket|connect|createConnection)\b[\s\S]{0,400}spawn\(\s*["'`](\/bin\/)?(ba)?sh["'`]/
        $pwsh = /Net\.Sockets\.TCPClient[\s\S]{0,500}(iex|Invoke-Expression)\b/ nocase
        $pipe = ".pipe("
    condition:
        ($socket and #dup >= 2 and $shell) or $perl or $ruby or $php or $pwsh or ($node and $pipe)
}

rule web_shell
{
    meta:
        code = "SK-EXEC"
        severity = "high"
        why = "A page that runs whatever a visitor sends it."
        link = "https://attack.mitre.org/techniques/T1505/003/"
    strings:
        $php = /\b(eval|assert|system|passthru|shell_exec|popen|proc_open|create_function)\s*\(\s*(base64_decode\s*\(\s*)?@?\$_(POST|GET|REQUEST|COOKIE|SERVER)\b/ nocase
        $php2 = /\$_(POST|GET|REQUEST|COOKIE)\[[^\]]{1,40}\]\s*\(\s*\$_(POST|GET|REQUEST|COOKIE)\b/ nocase
        $asp = /<%\s*(eval|execute)\s*\(?\s*request/ nocase
        $jsp = /getRuntime\(\)\.exec\(\s*request\.getParameter/
    condition:
        any of them
}

rule powershell_hidden_download
{
    meta:
        code = "SK-DROP"
        severity = "high"
        why = "PowerShell starts unseen, with its policy switched off, and runs an encoded or downloaded command."
        link = "https://attack.mitre.org/techniques/T1059/001/"
    strings:
        $hidden = /-w(indowstyle)?\s+hidden/ nocase
        $bypass = /-e(p|xec(utionpolicy)?)\s+bypass/ nocase
        $encoded = /-e(nc|ncodedcommand)?\s+[A-Za-z0-9+\/]{60,}/ nocase
        $fetch = /(DownloadString|DownloadFile|Invoke-WebRequest|iwr|irm|Invoke-RestMethod)\b[^\n]{0,200}(iex|Invoke-Expression|Start-Process)\b/ nocase
        $fetch2 = /(iex|Invoke-Expression)\b[^\n]{0,80}(DownloadString|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b/ nocase
    condition:
        ($hidden and ($encoded or $fetch or $fetch2)) or ($bypass and $encoded)
}
