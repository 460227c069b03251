"""How the site is put together: settings, routes, the job queue and the web server's entry."""
