// The configuration of nginx: the same answers with the same headers, from its cache and from files.

/** What every server writes by itself. */
const OF_A_SERVER = ["connection", "date", "keep-alive"];

/** What nginx also writes by itself for a file. */
const OF_A_FILE = [...OF_A_SERVER, "accept-ranges", "content-length", "content-type", "etag", "last-modified"];

const without = (headers, names) => Object.entries(headers).filter(([name]) => !names.includes(name));

/** The headers that the upstream of nginx sends, so that its cache has them. */
export const toReplay = (headers) => without(headers, OF_A_SERVER);

/** An id for each answer, as the proxy has one, and not the one of the answer that is copied. */
const REQUEST_ID = "x-request-id";

const quoted = (value) => `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

const location = ({ path, file, answer }) => `
    location = ${path} {
      alias ${quoted(file)};
      types {}
      default_type ${quoted(answer.headers["content-type"])};
${without(answer.headers, OF_A_FILE)
  .map(([name, value]) => `      add_header ${name} ${name === REQUEST_ID ? "$request_id" : quoted(value)};`)
  .join("\n")}
    }`;

export const configuration = ({ folder, port, upstream, files, isRoot }) => `
${isRoot ? "user root;" : ""}
daemon off;
worker_processes auto;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 1024; }
http {
  access_log off;
  server_tokens off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  open_file_cache max=1000 inactive=1h;
  open_file_cache_valid 1h;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  scgi_temp_path ${folder}/scgi;
  uwsgi_temp_path ${folder}/uwsgi;
  proxy_cache_path ${folder}/cache keys_zone=balance:1m use_temp_path=off;
  server {
    listen 127.0.0.1:${port} backlog=511;
    location = /api/balance {
      if ($http_x_airalo_widget != "1") { return 403; }
      proxy_pass ${upstream};
      proxy_cache balance;
      proxy_cache_key balance;
      proxy_cache_lock on;
      proxy_cache_use_stale updating error timeout http_429 http_500 http_502 http_503 http_504;
      proxy_cache_background_update on;
      proxy_cache_valid 200 1h;
      proxy_ignore_headers Cache-Control Expires Set-Cookie Vary;
      proxy_hide_header ${REQUEST_ID};
      add_header ${REQUEST_ID} $request_id;
    }
${files.map(location).join("\n")}
  }
}
`;
