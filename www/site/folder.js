/** The folder of this page's address, `/` in Node. Behind a web server it may be `/credit/`, where the proxy's other files are too. */
export const folder = globalThis.location ? new URL(".", location.href).pathname : "/";
