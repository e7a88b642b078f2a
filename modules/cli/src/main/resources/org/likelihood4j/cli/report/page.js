"use strict"; window.likelihood4j = {data: JSON.parse(document.getElementById("report-data").textContent), charts: {}};
