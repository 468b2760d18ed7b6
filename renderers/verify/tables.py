"""Judges the IFOs by themselves: their headers, tables, titles, chapters, program chains and commands."""

from collections.abc import Mapping
from itertools import pairwise

from crowdcut.disc.rules import ANGLES, CHAPTERS, COMMANDS, SECTOR_BYTES, TITLES
from renderers.verify.destinations import Disc, Standing
from renderers.verify.file_system import VideoFolder
from renderers.verify.ifo import Chain, Domain, Ifo
from renderers.verify.ifo_reading import ifo_from
from renderers.verify.judge import Judge, Place
from renderers.verify.reading import Broken, Image

_MOST_IFO_BYTES = 16 << 20


def ifo_name(titleset: int) -> str:
    """The name of an IFO; 0: the VMG's."""
    return f"VTS_{titleset:02d}_0.IFO" if titleset else "VIDEO_TS.IFO"


def ifo_place(titleset: int, what: str = "") -> Place:
    """A place in an IFO."""
    return Place(file=f"VIDEO_TS/{ifo_name(titleset)}", what=what)


def read_ifo(image: Image, folder: VideoFolder, titleset: int, judge: Judge) -> Ifo | None:
    """An IFO, held against its copy; None where it cannot be read."""
    name = ifo_name(titleset)
    file, copy = folder.files.get(name), folder.files.get(name.replace(".IFO", ".BUP"))
    place = ifo_place(titleset)
    if file is None:
        return None
    try:
        if file.length > _MOST_IFO_BYTES:
            raise Broken(f"it is {file.length:,} bytes long")
        data = image.read(file.sector, file.length)
        if copy is not None and (copy.length != file.length or image.read(copy.sector, copy.length) != data):
            judge.say("backup", f"{copy.name} is another", place)
        return ifo_from(data, titleset, lambda rule, found: judge.say(rule, found, place))
    except Broken as broken:
        judge.say("ifo-header", f"the IFO cannot be read: {broken}", place)
        return None


def check_places(ifo: Ifo, folder: VideoFolder, judge: Judge) -> None:
    """The lengths that an IFO names, and that each file of its titleset lies where it says."""
    name = ifo_name(ifo.titleset)
    file = folder.files[name]
    if ifo.last_ifo_sector + 1 != file.sectors:
        found = f"it says that it has {ifo.last_ifo_sector + 1} sectors; it has {file.sectors}"
        judge.say("ifo-header", found, ifo_place(ifo.titleset))
    copy = folder.files.get(name.replace(".IFO", ".BUP"))
    if copy is not None and copy.sector + copy.sectors - 1 != file.sector + ifo.last_sector:
        found = f"it ends at sector {copy.sector + copy.sectors - 1}; the IFO says {file.sector + ifo.last_sector}"
        judge.say("file-place", found, Place(file=f"VIDEO_TS/{copy.name}"))
    wanted: dict[str, int] = {}
    if ifo.menus and ifo.menus.start:
        wanted["VIDEO_TS.VOB" if not ifo.titleset else f"VTS_{ifo.titleset:02d}_0.VOB"] = ifo.menus.start
    if ifo.titles:
        sector = ifo.titles.start
        for part in range(1, 10):
            vob = folder.files.get(f"VTS_{ifo.titleset:02d}_{part}.VOB")
            if vob is not None:
                wanted[vob.name] = sector
                sector += vob.sectors
    for vob_name, sector in wanted.items():
        vob = folder.files.get(vob_name)
        if vob is not None and vob.sector != file.sector + sector:
            found = f"it lies at sector {vob.sector}; the IFO says {file.sector + sector}"
            judge.say("file-place", found, Place(file=f"VIDEO_TS/{vob_name}"))


def check_manager(manager: Ifo, titlesets: Mapping[int, Ifo], folder: VideoFolder, judge: Judge) -> None:
    """The titles that VIDEO_TS.IFO lists, and what it copies of the titlesets."""
    place = ifo_place(0)
    if manager.titleset_count != len(folder.titlesets):
        found = f"it says that there are {manager.titleset_count} titlesets; there are {len(folder.titlesets)}"
        judge.say("ifo-header", found, place)
    if not 1 <= len(manager.title_entries) <= TITLES:
        judge.say("title-table", f"it lists {len(manager.title_entries)} titles", place)
    base = folder.files["VIDEO_TS.IFO"].sector
    for number, entry in enumerate(manager.title_entries, 1):
        here = ifo_place(0, f"title {number}")
        ifo = titlesets.get(entry.titleset)
        if ifo is None or not 1 <= entry.number <= len(ifo.chapters):
            judge.say(
                "title-table", f"it is title {entry.number} of titleset {entry.titleset}, which there is not", here
            )
            continue
        chapters = len(ifo.chapters[entry.number - 1])
        if entry.chapters != chapters:
            judge.say("title-table", f"it lists {entry.chapters} chapters; its titleset has {chapters}", here)
        if not 1 <= entry.angles <= ANGLES:
            judge.say("title-table", f"it lists {entry.angles} angles", here)
        if base + entry.sector != folder.files[ifo_name(entry.titleset)].sector:
            at = folder.files[ifo_name(entry.titleset)].sector
            judge.say(
                "file-place", f"its titleset lies at sector {at}; the title table says {base + entry.sector}", here
            )
    for number, copied in enumerate(manager.copied_attributes, 1):
        ifo = titlesets.get(number)
        if ifo is not None and copied != ifo.attributes[: len(copied)]:
            judge.say("attributes", f"the attributes of titleset {number} are another's", place)
    if len(manager.copied_attributes) != manager.titleset_count:
        judge.say("attributes", f"it copies those of {len(manager.copied_attributes)} titlesets", place)


def _check_chain(chain: Chain, place: Place, judge: Judge) -> None:
    commands = len(chain.pre) + len(chain.post) + len(chain.cell_commands)
    if commands > COMMANDS:
        judge.say("chain-counts", f"{commands} commands", place)
    if len(chain.programs) > len(chain.cells) or (chain.cells and not chain.programs):
        judge.say("chain-counts", f"{len(chain.programs)} programs of {len(chain.cells)} cells", place)
    rising = [0, *chain.programs]
    if any(a >= b for a, b in pairwise(rising)) or rising[-1] > len(chain.cells):
        judge.say("chain-counts", "the programs do not begin at rising cells that are there", place)
    elif chain.programs and chain.programs[0] != 1:
        judge.say("chain-counts", f"the first program begins at cell {chain.programs[0]}", place)
    for number, cell in enumerate(chain.cells, 1):
        if cell.command > len(chain.cell_commands):
            judge.say("chain-counts", f"cell {number} has command {cell.command}, which there is not", place)


def _check_streams(chain: Chain, domain: Domain, place: Place, judge: Judge) -> None:
    """What a title offers is declared. A subpicture's entry names a stream for each shape of screen."""
    for stream in chain.sounds:
        if stream >= len(domain.sounds):
            judge.say("chain-streams", f"it offers sound stream {stream} of {len(domain.sounds)}", place)
    for entry in chain.subpictures:
        streams = {entry >> shift & 31 for shift in ((16, 8, 0) if domain.is_wide else (24,))}
        if max(streams) >= len(domain.subpictures):
            judge.say(
                "chain-streams", f"it offers subpicture stream {max(streams)} of {len(domain.subpictures)}", place
            )


def _check_commands(standing: Standing, disc: Disc, place: Place, judge: Judge) -> None:
    chain = standing.chain
    for name, commands in (("pre", chain.pre), ("post", chain.post), ("cell", chain.cell_commands)):
        lines = len(commands)
        for number, command in enumerate(commands, 1):
            if wrong := disc.wrong_with(command, standing, lines):
                what = f"{place.what}, {name} command {number}"
                judge.say("command-target", wrong, Place(file=place.file, what=what))


def _check_entries(domain: Domain, judge: Judge) -> None:
    """Each kind of menu once a language, and marked."""
    place = ifo_place(domain.titleset, domain.name)
    flags = {2: 0x80, 3: 0x80, 4: 0x40, 5: 0x20, 6: 0x10, 7: 0x08}
    for language, told, chains in domain.languages:
        kinds = [chain.category & 15 for chain in chains if chain.category & 0x80]
        if len(kinds) != len(set(kinds)):
            judge.say("menu-entry", f"a kind of menu is there twice in {language!r}", place)
        have = 0
        for kind in kinds:
            have |= flags.get(kind, 0)
        if have != told:
            judge.say("menu-entry", f"the menus of {language!r} are marked {told:#04x}; they are {have:#04x}", place)


def check_domain(domain: Domain, disc: Disc, judge: Judge) -> None:
    """The program chains of a domain and where their commands lead."""
    if domain.is_menu:
        _check_entries(domain, judge)
    for language, _, chains in domain.languages:
        for chain in chains:
            what = f"{domain.name}, program chain {chain.number}{f' ({language})' if language else ''}"
            place = ifo_place(domain.titleset, what)
            _check_chain(chain, place, judge)
            if not domain.is_menu:
                _check_streams(chain, domain, place, judge)
            _check_commands(Standing(domain=domain, chain=chain, chains=chains), disc, place, judge)


def check_first_play(manager: Ifo, disc: Disc, judge: Judge) -> None:
    """What the disc begins with."""
    if manager.first_play is not None:
        standing = Standing(domain=None, chain=manager.first_play, chains=())
        _check_commands(standing, disc, ifo_place(0, "first-play program chain"), judge)


def check_chapters(ifo: Ifo, judge: Judge) -> None:
    """Each chapter of a titleset names a program that is there."""
    if ifo.titles is None:
        return
    chains = {chain.number: chain for chain in ifo.titles.chains}
    if not ifo.has_time_maps:
        judge.say("time-map", "there is none", ifo_place(ifo.titleset))
    if not ifo.chapters:
        judge.say("chapter-table", "it lists no title", ifo_place(ifo.titleset))
    for title, chapters in enumerate(ifo.chapters, 1):
        if not 1 <= len(chapters) <= CHAPTERS:
            judge.say("chapter-table", f"title {title} has {len(chapters)} chapters", ifo_place(ifo.titleset))
        for number, (chain, program) in enumerate(chapters, 1):
            there = chain in chains and 1 <= program <= len(chains[chain].programs)
            if not there:
                found = f"it is program {program} of program chain {chain}, which there is not"
                judge.say("chapter-table", found, ifo_place(ifo.titleset, f"title {title}, chapter {number}"))


def stretches(folder: VideoFolder, domain: Domain) -> tuple[tuple[str, int, int], ...]:
    """The VOB files of a domain: name, first sector, whole sectors."""
    prefix = f"VTS_{domain.titleset:02d}_" if domain.titleset else "VIDEO_TS"
    if not domain.titleset:
        names = ["VIDEO_TS.VOB"]
    else:
        names = [f"{prefix}0.VOB"] if domain.is_menu else [f"{prefix}{part}.VOB" for part in range(1, 10)]
    files = (folder.files[name] for name in names if name in folder.files)
    return tuple((file.name, file.sector, file.length // SECTOR_BYTES) for file in files)
