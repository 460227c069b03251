const fs = require("fs");
require("./rates.js").load();

const file = process.argv[2] || "transactions.csv";
const months = {};
if (fs.existsSync(file)) {
  for (const line of fs.readFileSync(file, "utf8").trim().split("\n").slice(1)) {
    const [date, , amount] = line.split(",");
    months[date.slice(0, 7)] = (months[date.slice(0, 7)] || 0) + Number(amount);
  }
}
console.table(months);
