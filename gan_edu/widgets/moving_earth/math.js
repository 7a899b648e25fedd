/* Optimal transport between two small sets: exact plans on a line and in the plane, blurred ones by Sinkhorn, and with
 * each the prices that are its dual. p_g is bought from, p_data is sold to: sell(y) − buy(x) ≤ c(x, y), so that nobody
 * gains by carrying the earth himself. The page is not needed here.
 */

/** @typedef {readonly [number, number]} Place */
/** @typedef {readonly (readonly number[])[]} Costs a row a place of p_g, a column a place of p_data */
/** @typedef {[from: number, to: number, mass: number]} Move */
/** @typedef {{buy: number[], sell: number[]}} Prices at the places of p_g, and at those of p_data */
/** @typedef {Prices & {moves: Move[], error: number}} Plan error: of its sums over p_data, in all */

const TIGHT = 1e-7; // the error that Sinkhorn ends at
const AT_ONCE = 25; // scalings between two steps in the log domain
const STAGE = 4; // as much smaller ε gets from one stage to the next

/** c(x, y) = |x − y|ᵖ. @param {readonly Place[]} xs @param {readonly Place[]} ys @param {number} power */
export const costs = (xs, ys, power) => xs.map(([a, b]) => ys.map(([c, d]) => Math.hypot(a - c, b - d) ** power));

/** @param {readonly number[]} list */
export const sum = (list) => list.reduce((total, each) => total + each, 0);

/** Mass times cost of all that is moved. @param {readonly Move[]} moves @param {Costs} cost */
export const work = (moves, cost) => moves.reduce((total, [i, j, mass]) => total + mass * cost[i][j], 0);

/** What prices collect: E_p sell − E_q buy. @param {Prices} prices @param {readonly number[]} q @param {readonly number[]} p */
export const collected = ({ buy, sell }, q, p) =>
  sell.reduce((total, price, j) => total + p[j] * price, 0) - buy.reduce((total, price, i) => total + q[i] * price, 0);

/** The exact plan on a line, both sides from left to right: the first earth goes to the first hole, for any convex cost.
 * Its steps, down or to the right in the table of costs, give the prices: each is tight.
 * @param {Costs} cost @param {readonly number[]} q @param {readonly number[]} p @returns {Plan} */
export function staircase(cost, q, p) {
  const [buy, sell] = [[0], [cost[0][0]]];
  /** @type {Move[]} */
  const moves = [];
  let [i, j, earth, hole] = [0, 0, q[0], p[0]];
  while (true) {
    const mass = Math.min(earth, hole);
    if (mass > 0) moves.push([i, j, mass]);
    [earth, hole] = [earth - mass, hole - mass];
    const down = i + 1 < q.length && (earth <= hole || j + 1 === p.length);
    if (!down && j + 1 === p.length) return { moves, buy, sell, error: 0 };
    if (down) {
      earth = q[++i] + (earth > hole ? earth : 0); // a rest of rounding
      buy[i] = sell[j] - cost[i][j];
    } else {
      hole = p[++j] + (hole > earth ? hole : 0);
      sell[j] = buy[i] + cost[i][j];
    }
  }
}

/** The exact plan between as many points as points, each of the same mass: the Hungarian method (Kuhn 1955), by shortest
 * paths. @param {Costs} cost @returns {Plan} */
export function assignment(cost) {
  const n = cost.length;
  const [u, v, rowOf] = [Array(n + 1).fill(0), Array(n + 1).fill(0), Array(n + 1).fill(0)]; // 0: none yet
  for (let row = 1; row <= n; row++) {
    rowOf[0] = row;
    const way = Array(n + 1).fill(0);
    let column = augmented(cost, { u, v, rowOf, way });
    for (; column; column = way[column]) rowOf[column] = rowOf[way[column]];
  }
  const moves = rowOf.slice(1).map((row, j) => /** @type {Move} */ ([row - 1, j, 1 / n]));
  return { moves, buy: u.slice(1).map((price) => -price), sell: v.slice(1), error: 0 };
}

/** The free column at the end of the shortest path from the row that is new, the prices moved on.
 * @param {Costs} cost @param {{u: number[], v: number[], rowOf: number[], way: number[]}} state */
function augmented(cost, { u, v, rowOf, way }) {
  const n = cost.length;
  const least = Array(n + 1).fill(Number.POSITIVE_INFINITY);
  const used = Array(n + 1).fill(false);
  let at = 0;
  do {
    used[at] = true;
    let [next, step] = [0, Number.POSITIVE_INFINITY];
    for (let j = 1; j <= n; j++) {
      if (used[j]) continue;
      const slack = cost[rowOf[at] - 1][j - 1] - u[rowOf[at]] - v[j];
      if (slack < least[j]) [least[j], way[j]] = [slack, at];
      if (least[j] < step) [step, next] = [least[j], j];
    }
    for (let j = 0; j <= n; j++) {
      if (!used[j]) least[j] -= step;
      else [u[rowOf[j]], v[j]] = [u[rowOf[j]] + step, v[j] - step];
    }
    at = next;
  } while (rowOf[at]);
  return at;
}

/** The price at a place of p_g: the most that selling leaves, max (sell − c), or its soft form ε log Σ p exp(… / ε).
 * @param {readonly number[]} sell @param {readonly number[]} p @param {(j: number) => number} cost
 * @param {number} epsilon */
export function buyAt(sell, p, cost, epsilon) {
  let most = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < p.length; j++) most = Math.max(most, sell[j] - cost(j));
  if (!epsilon) return most;
  let total = 0;
  for (let j = 0; j < p.length; j++) total += p[j] * Math.exp((sell[j] - cost(j) - most) / epsilon);
  return most + epsilon * Math.log(total);
}

/** The price at a place of p_data: the least that bringing earth there costs, min (buy + c), or its soft form.
 * @param {readonly number[]} buy @param {readonly number[]} q @param {(i: number) => number} cost
 * @param {number} epsilon */
export const sellAt = (buy, q, cost, epsilon) =>
  -buyAt(
    buy.map((price) => -price),
    q,
    cost,
    epsilon,
  );

/** The plan of least work + ε KL(P ‖ q ⊗ p): P = q p exp((sell − buy − c) / ε) (Cuturi 2013, arXiv 1306.0895). ε comes
 * down in stages, each from the prices of the one before; from `start`, prices of an earlier call, in one.
 * @param {Costs} cost @param {readonly number[]} q @param {readonly number[]} p @param {number} epsilon
 * @param {number} rounds at most so many @param {Prices | null} [start] @returns {Plan} */
export function sinkhorn(cost, q, p, epsilon, rounds, start = null) {
  let found = { buy: q.map(() => 0), sell: p.map(() => 0), ...start, error: Number.POSITIVE_INFINITY };
  const largest = start ? epsilon : Math.max(...cost.flat()) / STAGE;
  for (let now = largest; now > epsilon; now /= STAGE) found = round(cost, q, p, now, found);
  for (let k = 0; k < rounds && !(found.error <= TIGHT && k); k++) found = round(cost, q, p, epsilon, found);
  const rows = table(cost, q, p, epsilon, found);
  const moves = rows.flatMap((row, i) => Array.from(row, (mass, j) => /** @type {Move} */ ([i, j, mass])));
  return { moves, buy: found.buy, sell: found.sell, error: found.error };
}

/** @param {Costs} cost @param {readonly number[]} q @param {readonly number[]} p @param {number} epsilon
 * @param {Prices} prices */
const table = (cost, q, p, epsilon, { buy, sell }) =>
  cost.map((row, i) => Float64Array.from(row, (c, j) => q[i] * p[j] * Math.exp((sell[j] - buy[i] - c) / epsilon)));

/** One step in the log domain, exact however far apart the costs are; from there some scalings of rows and columns.
 * @param {Costs} cost @param {readonly number[]} q @param {readonly number[]} p @param {number} epsilon
 * @param {Prices} prices */
function round(cost, q, p, epsilon, prices) {
  const buy = q.map((_, i) => buyAt(prices.sell, p, (j) => cost[i][j], epsilon));
  const sell = p.map((_, j) => sellAt(buy, q, (i) => cost[i][j], epsilon));
  const { a, b, error } = scaled(table(cost, q, p, epsilon, { buy, sell }), q, p);
  return {
    buy: buy.map((price, i) => price - epsilon * Math.log(a[i])),
    sell: sell.map((price, j) => price + epsilon * Math.log(b[j])),
    error,
  };
}

/** Factors of rows and columns that bring a plan's sums nearer to q and p, and how far its rows were from q before the
 * last of them. @param {readonly Float64Array[]} plan @param {readonly number[]} q @param {readonly number[]} p */
function scaled(plan, q, p) {
  let [a, b, error] = [
    new Float64Array(q.length).fill(1),
    new Float64Array(p.length).fill(1),
    Number.POSITIVE_INFINITY,
  ];
  for (let k = 0; k < AT_ONCE; k++) {
    const [rows, columns] = [new Float64Array(q.length), new Float64Array(p.length)];
    let off = 0;
    for (let i = 0; i < q.length; i++) {
      let row = 0;
      for (let j = 0; j < p.length; j++) row += plan[i][j] * b[j];
      off += Math.abs(a[i] * row - q[i]);
      rows[i] = q[i] / row;
      for (let j = 0; j < p.length; j++) columns[j] += plan[i][j] * rows[i];
    }
    error = off;
    for (let j = 0; j < p.length; j++) columns[j] = p[j] / columns[j];
    if (off <= TIGHT || !sound(rows) || !sound(columns)) break;
    [a, b] = [rows, columns];
  }
  return { a, b, error };
}

/** Whether nothing was divided by what is none. @param {Float64Array} list */
const sound = (list) => list.every((factor) => factor > 1e-100 && factor < 1e100);

/** The steepest fair price for |x − y| on a line of even places: it rises where earth has to go right, falls where it has
 * to go left, and is level where none passes; so E_p f − E_q f = ∫ |F − G|.
 * @param {readonly number[]} q @param {readonly number[]} p masses at all places @param {number} apart */
export function steepest(q, p, apart) {
  const [f, earth, holes] = [[0], running(q), running(p)];
  for (let k = 1; k < p.length; k++) {
    const gap = earth[k - 1] - holes[k - 1];
    f[k] = f[k - 1] + (Math.abs(gap) < 1e-12 ? 0 : Math.sign(gap) * apart);
  }
  return f;
}

/** The distribution function at each place. @param {readonly number[]} masses */
export function running(masses) {
  let total = 0;
  return masses.map((mass) => {
    total += mass;
    return total;
  });
}

/** KL(p ‖ q) in nats: ∞ where p has mass and q has none. @param {readonly number[]} p @param {readonly number[]} q */
export const kullback = (p, q) => sum(p.map((mass, k) => (mass > 0 ? mass * Math.log(mass / q[k]) : 0)));

/** JS(p, q) in nats, at most log 2. @param {readonly number[]} p @param {readonly number[]} q */
export function jensen(p, q) {
  const middle = p.map((mass, k) => (mass + q[k]) / 2);
  return (kullback(p, middle) + kullback(q, middle)) / 2;
}
