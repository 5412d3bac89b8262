// THIRD_PARTY_LICENSES: each package whose code is in a bundle, with the text of its licence. A licence that is not on the list fails the build.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ALLOWED = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'];

export function writeLicences(root, inputs) {
  const folders = new Set(inputs.map((input) => input.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean));
  const packages = [...folders].map((folder) => describe(join(root, folder)))
    .sort((a, b) => `${a.name}@${a.version}`.localeCompare(`${b.name}@${b.version}`, 'en'));
  const unique = packages.filter((one, at) => at === 0 || one.title !== packages[at - 1].title);

  const refused = unique.filter(({ licence }) => !ALLOWED.includes(licence));
  if (refused.length > 0) throw new Error(`licences that may not be bundled: ${refused.map(({ title }) => title).join(', ')}`);

  const parts = unique.map(({ title, text }) => `** ${title}\n\n${text.trim().replaceAll('\r\n', '\n')}\n`);
  writeFileSync(join(root, 'THIRD_PARTY_LICENSES'), `The bundled files of this package contain the following third-party software.\n\n${parts.join('\n----------------\n\n')}`);
}

function describe(folder) {
  const { name, version, license: licence } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(entry));
  if (!file && !existsSync(join(folder, 'README.md'))) throw new Error(`no licence text in ${folder}`);
  const text = file ? readFileSync(join(folder, file), 'utf8') : `Licensed under ${licence}.`;
  return { name, version, licence, title: `${name}@${version} - ${licence}`, text };
}
