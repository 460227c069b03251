/* Abuse of the machine: mining, ransom, hiding, breaking out of a container, packed programs. */

rule coin_miner
{
    meta:
        code = "SK-RES"
        severity = "high"
        prose = true
        why = "Joins a mining pool: the machine works for somebody else's wallet."
        link = "https://attack.mitre.org/techniques/T1496/"
    strings:
        $pool = /stratum\+(tcp|ssl|udp):\/\/[\w.-]{3,80}/ nocase
        $xmrig = /\bxmrig\b/ nocase
        $donate = /"?donate-level"?\s*[:= ]\s*[0-9]/
        $algo = /"?(algo|coin)"?\s*[:=]\s*"?(rx\/0|randomx|cn\/r|cryptonight|kawpow|monero)/ nocase
        $flags = /(-o|--url)[= ]\S{3,80}:[0-9]{2,5}\s[^\n]{0,60}(-u|--user)[= ]\S{20,}/
        $web = /(coinhive\.min\.js|CoinHive\.Anonymous|deepMiner\.Anonymous|cryptoloot)/ nocase
    condition:
        ($pool and ($xmrig or $donate or $algo or $flags)) or ($xmrig and ($flags or ($donate and $algo))) or $web
}

rule ransom
{
    meta:
        code = "SK-DEST"
        severity = "critical"
        why = "Removes the ways back (shadow copies, recovery) and encrypts or asks for money."
        link = "https://attack.mitre.org/techniques/T1486/"
    strings:
        $shadow = /vssadmin(\.exe)?\s+delete\s+shadows/ nocase
        $shadow2 = /wmic(\.exe)?\s+shadowcopy\s+delete/ nocase
        $recovery = /bcdedit(\.exe)?\s[^\n]{0,60}recoveryenabled\s+no/ nocase
        $encrypt = /\b(AES\.new|Fernet\(|createCipheriv|RijndaelManaged|openssl\s+enc|gpg\s+-c)/
        $note = /(your files (have been|are|were) encrypted|decrypt(ion)? (key|your files)[^\n]{0,80}(bitcoin|btc|monero|xmr))/ nocase
        $walk = /(os\.walk|readdirSync|Get-ChildItem|find\s+\/|rglob\()/
    condition:
        (($shadow or $shadow2 or $recovery) and ($encrypt or $note)) or ($note and $encrypt and $walk)
}

rule preload_rootkit
{
    meta:
        code = "SK-PERS"
        severity = "high"
        why = "Puts a library into every program of the machine, which can hide files, processes and connections."
        link = "https://attack.mitre.org/techniques/T1574/006/"
    strings:
        $a = /(>>?|tee( -a)?|open\()\s*["']?\/etc\/ld\.so\.preload/
        $b = /(cp|mv|install|echo)\s[^\n]{0,120}\/etc\/ld\.so\.preload/
    condition:
        any of them
}

rule container_escape
{
    meta:
        code = "SK-PRIV"
        severity = "high"
        why = "Steps out of a container into the machine that runs it."
        link = "https://attack.mitre.org/techniques/T1611/"
    strings:
        $a = /nsenter\s[^\n]{0,60}(-t|--target)[= ]?1\s[^\n]{0,80}(-m|--mount|-a|--all)/
        $b = /docker\s+run\s[^\n]{0,160}--privileged[^\n]{0,160}-v\s+\/:\//
        $c = /docker\s+run\s[^\n]{0,160}-v\s+\/:\/[^\n]{0,160}chroot\s/
        $d = /release_agent[\s\S]{0,300}notify_on_release|notify_on_release[\s\S]{0,300}release_agent/
    condition:
        any of them
}

rule shellcode_loader
{
    meta:
        code = "SK-EXEC"
        severity = "high"
        why = "Copies raw machine code into memory and starts it."
        link = "https://attack.mitre.org/techniques/T1620/"
    strings:
        $alloc = /\b(VirtualAlloc(Ex)?|mmap)\b/
        $copy = /\b(RtlMoveMemory|WriteProcessMemory|memmove)\b/
        $start = /\b(CreateThread|CreateRemoteThread|QueueUserAPC|CFUNCTYPE)\b/
        $bytes = /["'](\\x[0-9a-fA-F]{2}){40}/
    condition:
        $alloc and $start and ($copy or $bytes)
}

rule packed_executable
{
    meta:
        code = "SK-ART"
        severity = "medium"
        why = "A program packed so that nobody can read what it does before it runs."
        link = "https://attack.mitre.org/techniques/T1027/002/"
    strings:
        $upx = "UPX!"
        $info = "$Info: This file is packed with the UPX"
    condition:
        (uint32(0) == 0x464c457f or uint16(0) == 0x5a4d) and ($info or #upx >= 2)
}

rule antivirus_test_file
{
    meta:
        code = "SK-ART"
        severity = "high"
        prose = true
        why = "The harmless file by which antivirus programs are tested. A scanner that looks must report it."
    strings:
        $a = "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    condition:
        $a
}
