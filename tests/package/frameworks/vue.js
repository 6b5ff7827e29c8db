import { createApp } from "vue/dist/vue.esm-bundler.js";
import "./card.js";

const app = createApp({
  data: () => ({ threshold: 300, level: "", headers: () => ({ "X-Framework": "vue" }) }),
  template: `
    <airalo-balance proxy-url="/api/balance" :low-threshold="threshold" no-refresh :headers.prop="headers"
      @airalo-balance-level="({ detail }) => (level = detail.level)" />
    <button @click="threshold = undefined">Ease</button>
    <output>{{ level }}</output>`,
});
app.config.compilerOptions.isCustomElement = (tag) => tag === "airalo-balance";
app.mount(document.body.appendChild(document.createElement("main")));
