import "airalo-balance/airalo-balance.css";
import { createApp } from "vue";
import App from "./App.vue";

createApp(App).mount("#app");
