const proxy = process.env.PROXY ?? "http://127.0.0.1:8080";

export default {
  turbopack: { root: import.meta.dirname },
  // docs:rewrites
  rewrites: () => [{ source: "/api/balance/:path*", destination: `${proxy}/api/balance/:path*` }],
  // docs:end
};
