// A MariaDB of its own, in a folder and on a socket there. It listens on no port.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";

/** Debian has the server in a folder that only root has on its `PATH`. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

/** MariaDB refuses to run as root. */
const user = process.getuid?.() === 0 ? ["--user=nobody"] : [];

export const isHere = () => spawnSync("mariadbd", ["--version"], { env }).status === 0;

export class Database {
  static async start(folder) {
    // Another user than that of the folder has to reach its own one below.
    chmodSync(folder, 0o711);
    const database = new Database();
    const data = join(folder, "database");
    database.socket = join(data, "socket");
    const install = ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal", "--skip-test-db", ...user];
    const installed = spawnSync("mariadb-install-db", install, { env, encoding: "utf8" });
    if (installed.status !== 0) throw new Error(`mariadb-install-db has failed:\n${installed.stdout}${installed.stderr}`);
    const options = [`--datadir=${data}`, `--socket=${database.socket}`, "--skip-networking", "--skip-grant-tables", "--innodb-flush-log-at-trx-commit=0"];
    database.child = spawn("mariadbd", ["--no-defaults", ...options, ...user], { env, stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    database.child.stderr.on("data", (data) => (log += data));
    while (!existsSync(database.socket)) {
      if (database.child.exitCode !== null) throw new Error(`mariadbd has ended:\n${log}`);
      await new Promise((next) => setTimeout(next, 50));
    }
    return database;
  }

  async stop() {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL"); // Nothing of it is kept.
    await ended;
  }
}
