import { configure } from "airalo-balance";

configure({ assetBase: "/assets" });
