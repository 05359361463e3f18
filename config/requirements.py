"""The list `[[requirements]]`: what somebody who asks for data or information has to show."""

from config.fields import Name, Section, Text
from config.sections import Kind


class Requirement(Section):
    """One thing to be checked off. ``kind`` names what it is asked for; ``label_en`` is for English letters."""

    name: Name
    label: Text
    label_en: str = ""
    kind: tuple[Kind, ...] = ("permintaan_informasi",)


# The office's service standard for data, reports and information, section 1.
SHIPPED_REQUIREMENTS = (
    Requirement(name="surat-tugas", label="Surat tugas", label_en="Letter of assignment"),
    Requirement(
        name="berkas-pendukung",
        label="Dokumen atau berkas pendukung",
        label_en="Supporting document or file",
    ),
    Requirement(
        name="identitas", label="Tanda pengenal atau identitas", label_en="Proof of identity"
    ),
)
