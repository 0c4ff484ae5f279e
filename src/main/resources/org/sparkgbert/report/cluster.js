function symbol(cluster) {
  const namespace = 'http://www.w3.org/2000/svg';
  const picture = document.createElementNS(namespace, 'svg');
  picture.setAttribute('viewBox', '0 0 10 10');
  picture.setAttribute('class', 'symbol c' + (cluster % COLOURS));
  picture.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', SHAPE_PATHS[shapeIndex(cluster)]);
  picture.append(path);
  return picture;
}

function goTo(cluster) {
  document.getElementById('search').value = '';
  arrange();
  const card = document.getElementById('cluster-' + cluster);
  card.scrollIntoView({ block: 'center' });
  card.focus({ preventScroll: true });
}

function nearest(card) {
  if (card.nearest_cluster < 0) {
    return '–';
  }
  const link = element('a', { href: '#cluster-' + card.nearest_cluster }, 'Cluster ' + card.nearest_cluster);
  link.addEventListener('click', (event) => {
    event.preventDefault();
    goTo(card.nearest_cluster);
  });
  return element('span', {}, link, ` (cosine ${number(card.nearest_similarity, 2)})`);
}

function fact(name, value) {
  return element('div', {}, element('dt', {}, name), element('dd', {}, value));
}

function exemplars(card) {
  const items = card.exemplars.map((each) => element('li', {}, corpusText(each, 320)));
  const list = element('ol', {}, ...items.slice(0, 3));
  if (items.length <= 3) {
    return [list];
  }
  const rest = element('details', {}, element('summary', {}, `${items.length - 3} more`));
  rest.append(element('ol', { start: '4' }, ...items.slice(3)));
  return [list, rest];
}

function labelList(card) {
  if (card.labels.length === 0) {
    return element('p', { class: 'lead' }, 'No words that set its texts apart.');
  }
  const items = card.labels.map((each) => element('li', {}, corpusText(each, 40)));
  return element('ul', { class: 'labels', 'aria-label': 'Labels' }, ...items);
}

function cardElement(card) {
  const total = cards.reduce((sum, each) => sum + each.size, 0);
  const show = element(
    'button',
    { type: 'button', 'aria-pressed': 'false', 'aria-label': `Show cluster ${card.cluster} on the map` },
    'Show on map',
  );
  show.addEventListener('click', () => {
    const wasChosen = chosen() === card.cluster;
    highlight.value = wasChosen ? '' : String(card.cluster);
    highlight.dispatchEvent(new Event('change'));
    if (!wasChosen) {
      document.getElementById('map-title').scrollIntoView({ block: 'start' });
    }
  });
  const heading = element('h3', {}, symbol(card.cluster), `Cluster ${card.cluster}`);
  return element(
    'li',
    { id: 'cluster-' + card.cluster, class: 'card', tabindex: '-1' },
    element('div', { class: 'heading' }, heading, show),
    labelList(card),
    element(
      'dl',
      { class: 'facts' },
      fact('Rows', `${count(card.size)} (${number((100 * card.size) / total, 1)}\u00a0%)`),
      fact('Cohesion', number(card.cohesion, 3)),
      fact('Nearest', nearest(card)),
    ),
    ...exemplars(card),
  );
}

const cardElements = cards.map(cardElement);
const searched = cards.map((card) =>
  [card.cluster, ...card.labels, ...card.exemplars].join('\n').toLowerCase(),
);

function markCards() {
  cardElements.forEach((each, cluster) => {
    each.classList.toggle('chosen', chosen() === cluster);
    each.querySelector('button').setAttribute('aria-pressed', String(chosen() === cluster));
  });
}

/** Shows the cards that hold what is searched for, sorted. */
function arrange() {
  const wanted = document.getElementById('search').value.trim().toLowerCase();
  const by = document.getElementById('sort').value;
  const found = cards.filter((card) => searched[card.cluster].includes(wanted));
  found.sort((one, other) => (by === 'cluster' ? 0 : other[by] - one[by]) || one.cluster - other.cluster);
  document.getElementById('cards').replaceChildren(...found.map((card) => cardElements[card.cluster]));
  document.getElementById('found').textContent =
    (found.length === cards.length ? '' : `${found.length} of `) + plural(cards.length, 'cluster');
}

function cardList() {
  document.getElementById('search').addEventListener('input', arrange);
  document.getElementById('sort').addEventListener('change', arrange);
  arrange();
}

part(map);
part(cardList);
part(heat);
part(scan);
