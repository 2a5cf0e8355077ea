/** Formats with at most about three significant digits. */
function number(value) {
  if (value === null || value === undefined) return "–";
  if (value >= 1e6) return (value / 1e6).toPrecision(3) + "M";
  if (value >= 1e4) return Math.round(value / 1e3) + "k";
  if (value >= 1e3) return (value / 1e3).toFixed(1) + "k";
  if (value >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(value > 0 && value < 0.1 ? 2 : 1);
}

/** Formats microseconds; 0 means no measurement. */
function latency(us) {
  if (!us) return "–";
  if (us < 1000) return Math.round(us) + " µs";
  const ms = us / 1000;
  if (ms < 1000) return (ms < 10 ? ms.toFixed(1) : String(Math.round(ms))) + " ms";
  return (ms / 1000).toFixed(1) + " s";
}

function duration(ms) {
  const s = Math.floor(ms / 1000);
  if (s < 60) return s + " s";
  if (s < 3600) return Math.floor(s / 60) + " min " + (s % 60) + " s";
  if (s < 86400) return Math.floor(s / 3600) + " h " + Math.floor(s % 3600 / 60) + " min";
  return Math.floor(s / 86400) + " d " + Math.floor(s % 86400 / 3600) + " h";
}

const percent = share => Math.round(share * 100) + "%";
const clockFormat = new Intl.DateTimeFormat(undefined,
  {hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false});
const clockTime = seconds => clockFormat.format(new Date(seconds * 1000));
const counted = (count, one, many) => count + " " + (count === 1 ? one : many);
