// THIRD_PARTY_LICENSES: each package whose code is in a bundle, with who holds the rights in it, under the text of its licence, which many share.
// A licence that is not on the list fails the build.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ALLOWED = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'];
const COPYRIGHT = /^\W*copyright\b.*(\(c\)|©|\d{4}).*$/i;

export function writeLicences(root, inputs) {
  const folders = new Set(inputs.map((input) => input.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean));
  const packages = [...folders].map((folder) => describe(join(root, folder)))
    .sort((a, b) => `${a.name}@${a.version}`.localeCompare(`${b.name}@${b.version}`, 'en'));
  const unique = packages.filter((one, at) => at === 0 || one.title !== packages[at - 1].title);

  const refused = unique.filter(({ licence }) => !ALLOWED.includes(licence));
  if (refused.length > 0) throw new Error(`licences that may not be bundled: ${refused.map(({ title }) => title).join(', ')}`);

  const parts = [...groupByText(unique)].map(([, group]) => `${group.map(({ title, holders }) => [`** ${title}`, ...holders].join('\n   ')).join('\n')}\n\n${group[0].text}\n`);
  writeFileSync(join(root, 'THIRD_PARTY_LICENSES'), `The bundled files of this package contain the following third-party software.\n\n${parts.join('\n----------------\n\n')}`);
}

/** However it is wrapped. */
function groupByText(packages) {
  const groups = new Map();
  for (const one of packages) {
    const key = one.text.replace(/\s+/g, ' ');
    groups.set(key, [...groups.get(key) ?? [], one]);
  }
  return groups;
}

function describe(folder) {
  const { name, version, license: licence } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(entry));
  if (!file && !existsSync(join(folder, 'README.md'))) throw new Error(`no licence text in ${folder}`);
  const text = file ? readFileSync(join(folder, file), 'utf8') : `Licensed under ${licence}.`;
  const lines = text.trim().replaceAll('\r\n', '\n').split('\n');
  const [holders, rest] = [lines.filter((line) => COPYRIGHT.test(line)), lines.filter((line) => !COPYRIGHT.test(line))];
  return {
    name, version, licence, title: `${name}@${version} - ${licence}`, holders: holders.map((line) => line.trim()), text: rest.join('\n').replace(/\n{3,}/g, '\n\n').trim(),
  };
}
