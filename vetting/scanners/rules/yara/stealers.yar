/* Thieves: browser stores, wallets, tokens, key logs. A rule wants the store and the way out, or several stores. */

rule browser_password_store
{
    meta:
        code = "SK-CRED"
        severity = "high"
        why = "Opens the browser's password store together with what is needed to decrypt it."
        link = "https://attack.mitre.org/techniques/T1555/003/"
    strings:
        $login = "Login Data"
        $state = "Local State"
        $cookies = /[\/\\](Network[\/\\])?Cookies\b/
        $unprotect = "CryptUnprotectData"
        $key = "os_crypt"
        $firefox = "logins.json"
        $nss = /\b(key4\.db|NSS_Init|PK11SDR_Decrypt)\b/
        $keychain = /find-generic-password[^\n]{0,60}(Chrome|Brave|Edge|Safe Storage)/
    condition:
        ($login and ($unprotect or $key or $keychain)) or ($state and $key and ($unprotect or $cookies))
        or ($firefox and $nss)
}

rule wallet_collection
{
    meta:
        code = "SK-CRED"
        severity = "high"
        why = "Names the stores of several cryptocurrency wallets, as collectors do."
        link = "https://attack.mitre.org/techniques/T1005/"
    strings:
        $a = "wallet.dat"
        $b = /[\/\\]Exodus[\/\\]exodus\.wallet/
        $c = "nkbihfbeogaeaoehlefnkodbefgpgknn"
        $d = "bfnaelmomeimhlpmgjnjophhpkkoljpa"
        $e = /[\/\\]Electrum[\/\\]wallets/
        $f = /[\/\\]atomic[\/\\]Local Storage/ nocase
        $g = "hnfanknocfeofbddgcijnmhnfnkdnaad"
        $h = /\.config[\/\\]solana[\/\\]id\.json/
        $i = /[\/\\](Ledger Live|Trezor Suite|Coinomi|Guarda)[\/\\]/
    condition:
        3 of them
}

rule macos_password_prompt
{
    meta:
        code = "SK-CRED"
        severity = "high"
        why = "Asks for the account's password in a dialog of its own making, and checks or keeps the answer."
        link = "https://attack.mitre.org/techniques/T1056/002/"
    strings:
        $dialog = /display dialog[^\n]{0,300}hidden answer/ nocase
        $check = /dscl\s+(\.|\/Local\/Default)\s+-?authonly/ nocase
        $sudo = /\|\s*sudo\s+-S\b/
        $keychain = /security\s+(unlock-keychain|find-generic-password|dump-keychain)/
        $out = /\b(curl|wget)\s/
    condition:
        $dialog and any of ($check, $sudo, $keychain, $out)
}

rule chat_token_grabber
{
    meta:
        code = "SK-CRED"
        severity = "high"
        why = "Searches a chat program's storage for log-in tokens."
        link = "https://attack.mitre.org/techniques/T1528/"
    strings:
        $a = /\[\\w-\]\{24\}\\?\.\[\\w-\]\{6\}\\?\.\[\\w-\]\{2[57]/
        $b = /mfa\\?\.\[\\w-\]\{8[04]\}/
        $c = "leveldb"
        $d = /discord(canary|ptb|app)?\.com\/api\/(v[0-9]{1,2}\/)?(webhooks|users\/@me)/ nocase
    condition:
        ($a or $b) and ($c or $d)
}

rule key_logger
{
    meta:
        code = "SK-CRED"
        severity = "high"
        why = "Records every key and sends the record away."
        link = "https://attack.mitre.org/techniques/T1056/001/"
    strings:
        $listen = /\b(pynput\.keyboard|keyboard\.on_press|keyboard\.Listener|SetWindowsHookEx|GetAsyncKeyState|CGEventTapCreate|iohook)\b/
        $send = /(requests\.post|smtplib|urlopen|http\.client|fetch\(|axios\.post|sendMessage|webhooks\/|ftplib|socket\.socket)/
        $keep = /\b(keylog|key_log|keystrokes?)\b/ nocase
    condition:
        $listen and $send and $keep
}

rule credential_dumping_tool
{
    meta:
        code = "SK-CRED"
        severity = "high"
        why = "A tool that reads other people's log-ins out of memory or the system's account store."
        link = "https://attack.mitre.org/techniques/T1003/"
    strings:
        $a = "sekurlsa::logonpasswords" nocase
        $b = "lsadump::sam" nocase
        $c = /procdump(64)?(\.exe)?\s[^\n]{0,40}lsass/ nocase
        $d = /comsvcs\.dll[^\n]{0,40}MiniDump/ nocase
        $e = /reg(\.exe)?\s+save\s+hklm\\(sam|security)\b/ nocase
    condition:
        any of them
}

rule cloud_metadata_credentials
{
    meta:
        code = "SK-CRED"
        severity = "high"
        why = "Asks the cloud's metadata service for the machine's own credentials."
        link = "https://attack.mitre.org/techniques/T1552/005/"
    strings:
        $aws = /169\.254\.169\.254\/latest\/meta-data\/iam\/security-credentials/
        $gcp = /metadata(\.google\.internal)?\/computeMetadata\/v1\/instance\/service-accounts\/[^\s"'\/]{1,60}\/token/
        $azure = /169\.254\.169\.254\/metadata\/identity\/oauth2\/token/
        $out = /(curl|wget|requests\.post|fetch\(|axios|urlopen|http\.request|Invoke-)/
    condition:
        ($aws or $gcp or $azure) and $out
}
