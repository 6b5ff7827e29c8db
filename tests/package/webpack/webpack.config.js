export default {
  mode: "production",
  entry: { main: "./main.js", vendored: "./vendored.js" },
  performance: { hints: false },
};
