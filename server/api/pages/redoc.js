// Its search would need a worker that is made of text, which the page's policy does not allow.
Redoc.init('/v1/openapi.json', { disableSearch: true, hideDownloadButtons: true }, document.getElementById('reference'))
