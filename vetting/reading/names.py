"""Names of hosts by what they are for. Kinds of service, never the hosts of one campaign."""

# Services that take any request and show it to whoever asks.
CATCHERS = frozenset(
    ["webhook.site", "requestbin.com", "requestbin.net", "pipedream.net", "beeceptor.com", "hookbin.com", "requestcatcher.com", "postb.in", "ptsv2.com", "ptsv3.com", "burpcollaborator.net", "oastify.com", "interact.sh", "oast.fun", "oast.pro", "oast.live", "oast.site", "oast.me", "oast.online", "dnslog.cn", "ceye.io", "canarytokens.com", "canarytokens.org", "emailhook.site", "dnshook.site", "webhook.cool", "hookdeck.com", "mockbin.org", "mockbin.com", "httpdump.app", "rbnd.gl0.eu", "smee.io", "typedwebhook.tools", "svix.com", "grabify.link", "iplogger.org", "transfer.sh", "file.io", "0x0.st", "gofile.io", "anonfiles.com", "bashupload.com", "temp.sh", "tmpfiles.org", "catbox.moe", "litter.catbox.moe", "uguu.se", "filebin.net", "oshi.at", "tmp.ninja", "termbin.com", "keep.sh"]
)
TUNNELS = frozenset(
    ["ngrok.io", "ngrok.app", "ngrok-free.app", "ngrok-free.dev", "ngrok.dev", "trycloudflare.com", "loca.lt", "localtunnel.me", "serveo.net", "localhost.run", "lhr.life", "pagekite.me", "bore.pub", "telebit.io", "tunnelto.dev", "duckdns.org", "no-ip.org", "no-ip.com", "ddns.net", "hopto.org", "zapto.org", "sytes.net", "dynu.net", "nip.io", "sslip.io", "playit.gg", "portmap.io"]
)
PASTES = frozenset(
    ["pastebin.com", "rentry.co", "rentry.org", "glot.io", "hastebin.com", "ghostbin.com", "paste.ee", "dpaste.com", "dpaste.org", "ix.io", "sprunge.us", "controlc.com", "justpaste.it", "paste.rs", "pastes.dev", "telegra.ph", "pastebin.pl", "privatebin.net", "bpa.st", "textbin.net", "paste.mozilla.org", "p.ip.fi", "cl1p.net", "snippet.host"]
)
SHORTENERS = frozenset(
    ["bit.ly", "tinyurl.com", "t.ly", "is.gd", "v.gd", "cutt.ly", "rb.gy", "shorturl.at", "goo.gl", "ow.ly", "t.co", "tiny.cc", "rebrand.ly", "s.id", "lnkd.in", "shorte.st", "adf.ly", "soo.gd", "clck.ru", "u.to"]
)
# Anyone may put anything there in a minute; the label before the suffix is the owner.
FREE_HOSTING = frozenset(
    ["onrender.com", "herokuapp.com", "vercel.app", "netlify.app", "github.io", "gitlab.io", "pages.dev", "workers.dev", "web.app", "firebaseapp.com", "fly.dev", "railway.app", "up.railway.app", "glitch.me", "repl.co", "replit.app", "replit.dev", "surge.sh", "deno.dev", "azurewebsites.net", "cloudfunctions.net", "run.app", "appspot.com", "amazonaws.com", "cloudfront.net", "blogspot.com", "wixsite.com", "weebly.com", "000webhostapp.com", "infinityfreeapp.com", "pythonanywhere.com", "koyeb.app", "cyclic.app", "deta.app", "hf.space", "streamlit.app", "supabase.co", "val.run", "r2.dev", "windows.net", "lovable.app", "bubbleapps.io", "webflow.io", "framer.website"]
)
MESSENGERS = (
    ("discord.com", "/api/webhooks"),
    ("discordapp.com", "/api/webhooks"),
    ("api.telegram.org", "/bot"),
    ("hooks.slack.com", "/services"),
    ("hooks.slack.com", "/workflows"),
    ("hooks.zapier.com", "/hooks"),
    ("maker.ifttt.com", "/trigger"),
    ("open.feishu.cn", "/open-apis/bot"),
    ("oapi.dingtalk.com", "/robot"),
    ("qyapi.weixin.qq.com", "/cgi-bin/webhook"),
    ("script.google.com", "/macros"),
    ("hook.eu1.make.com", "/"),
    ("hook.us1.make.com", "/"),
    ("formspree.io", "/f"),
)
SECOND_LEVEL = frozenset(
    ["co.uk", "org.uk", "ac.uk", "gov.uk", "com.au", "net.au", "org.au", "co.jp", "ne.jp", "or.jp", "co.kr", "com.cn", "net.cn", "org.cn", "gov.cn", "com.br", "com.mx", "co.in", "co.nz", "com.tw", "com.hk", "com.sg", "com.tr", "co.za", "com.ar"]
)
# Services that many honest skills call, whatever they are about.
KNOWN = frozenset(
    ["github.com", "githubusercontent.com", "api.github.com", "ghcr.io", "gitlab.com", "bitbucket.org", "codeberg.org", "sr.ht", "pypi.org", "pythonhosted.org", "npmjs.com", "npmjs.org", "yarnpkg.com", "jsr.io", "unpkg.com", "jsdelivr.net", "cdnjs.cloudflare.com", "crates.io", "rubygems.org", "golang.org", "go.dev", "packagist.org", "maven.org", "debian.org", "ubuntu.com", "docker.com", "docker.io", "python.org", "nodejs.org", "rust-lang.org", "deno.com", "bun.sh", "astral.sh", "brew.sh", "openai.com", "anthropic.com", "claude.ai", "claude.com", "googleapis.com", "google.com", "gstatic.com", "youtube.com", "gemini.google.com", "microsoft.com", "azure.com", "azure.net", "live.com", "office.com", "graph.microsoft.com", "microsoftonline.com", "bing.com", "amazon.com", "aws.amazon.com", "apple.com", "icloud.com", "cloudflare.com", "facebook.com", "instagram.com", "x.com", "twitter.com", "linkedin.com", "reddit.com", "tiktok.com", "telegram.org", "t.me", "slack.com", "discord.com", "discordapp.com", "zoom.us", "whatsapp.com", "notion.so", "notion.com", "airtable.com", "asana.com", "trello.com", "atlassian.com", "atlassian.net", "linear.app", "figma.com", "miro.com", "stripe.com", "paypal.com", "shopify.com", "twilio.com", "sendgrid.com", "mailgun.net", "resend.com", "hubspot.com", "salesforce.com", "huggingface.co", "replicate.com", "fal.ai", "fal.run", "together.ai", "groq.com", "mistral.ai", "cohere.com", "deepseek.com", "x.ai", "openrouter.ai", "perplexity.ai", "elevenlabs.io", "stability.ai", "tavily.com", "exa.ai", "brave.com", "serpapi.com", "serper.dev", "firecrawl.dev", "apify.com", "jina.ai", "duckduckgo.com", "wikipedia.org", "wikimedia.org", "wikidata.org", "arxiv.org", "semanticscholar.org", "crossref.org", "doi.org", "ncbi.nlm.nih.gov", "nih.gov", "w3.org", "schema.org", "json-schema.org", "mozilla.org", "stackoverflow.com", "stackexchange.com", "openstreetmap.org", "open-meteo.com", "openweathermap.org", "weather.gov", "wttr.in", "ipify.org", "ipinfo.io", "ipapi.co", "ip-api.com", "httpbin.org", "jsonplaceholder.typicode.com", "sentry.io", "datadoghq.com", "grafana.com", "grafana.net", "newrelic.com", "pagerduty.com", "vercel.com", "netlify.com", "supabase.com", "mongodb.com", "redis.io", "elastic.co", "snowflake.com", "databricks.com", "spotify.com", "dropbox.com", "box.com", "adobe.com", "canva.com", "yahoo.com", "coingecko.com", "coinmarketcap.com", "etherscan.io", "infura.io", "alchemy.com", "binance.com", "coinbase.com", "tailwindcss.com", "fontawesome.com", "fonts.googleapis.com", "unsplash.com", "pexels.com", "pixabay.com", "giphy.com", "clawhub.ai", "openclaw.ai", "agentskills.io", "modelcontextprotocol.io", "smithery.ai", "skills.sh", "baidu.com", "aliyun.com", "aliyuncs.com", "qq.com", "weixin.qq.com", "feishu.cn", "larksuite.com", "dingtalk.com", "bilibili.com", "zhihu.com", "volces.com", "volcengine.com", "tencent.com", "moonshot.cn", "bigmodel.cn", "z.ai", "minimax.io", "siliconflow.cn", "wordpress.com", "wordpress.org", "medium.com", "substack.com", "dev.to", "ycombinator.com", "vimeo.com", "twitch.tv"]
)
# Whose installers are piped into a shell by everyone's own documentation: tool chains and package managers.
INSTALLERS = frozenset(
    ["astral.sh", "sh.rustup.rs", "rustup.rs", "bun.sh", "deno.land", "get.pnpm.io", "get.docker.com", "install.python-poetry.org", "brew.sh", "deb.nodesource.com", "rpm.nodesource.com", "raw.githubusercontent.com/homebrew", "raw.githubusercontent.com/nvm-sh", "get.volta.sh", "fnm.vercel.app", "mise.run", "mise.jdx.dev", "get.helm.sh", "raw.githubusercontent.com/helm", "get.k3s.io", "cli.github.com", "install.determinate.systems", "nixos.org", "sdk.cloud.google.com", "ollama.com", "ollama.ai", "claude.ai", "packages.microsoft.com", "bootstrap.pypa.io", "starship.rs", "get.sdkman.io", "fly.io", "tailscale.com", "chocolatey.org", "community.chocolatey.org", "get.scoop.sh", "scoop.sh", "opencode.ai", "openclaw.ai", "cursor.com", "moonrepo.dev", "esm.sh"]
)
