// docs:config
import vue from "@vitejs/plugin-vue";

export default {
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === "airalo-balance" } } })],
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
};
// docs:end
