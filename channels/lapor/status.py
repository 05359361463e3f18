"""Where a report stands on the platform, in the platform's own steps."""

from enum import StrEnum


class ReportStatus(StrEnum):
    """Canonical status of a report (not of our case)."""

    MENUNGGU_VERIFIKASI = "menunggu_verifikasi"
    DITUNDA = "ditunda"
    BELUM_DITINDAKLANJUTI = "belum_ditindaklanjuti"
    PROSES = "proses"
    SELESAI = "selesai"
    DITOLAK = "ditolak"
    ARSIP = "arsip"
    TIDAK_DIKETAHUI = "tidak_diketahui"


# The first that occurs in the platform's words wins: "belum ditindaklanjuti" holds "ditindaklanjuti".
_WORDS = (
    ("belum", ReportStatus.BELUM_DITINDAKLANJUTI),
    ("verifikasi", ReportStatus.MENUNGGU_VERIFIKASI),
    ("tunda", ReportStatus.DITUNDA),
    ("pending", ReportStatus.DITUNDA),
    ("tolak", ReportStatus.DITOLAK),
    ("reject", ReportStatus.DITOLAK),
    ("arsip", ReportStatus.ARSIP),
    ("archive", ReportStatus.ARSIP),
    ("selesai", ReportStatus.SELESAI),
    ("tutup", ReportStatus.SELESAI),
    ("closed", ReportStatus.SELESAI),
    ("proses", ReportStatus.PROSES),
    ("ditindaklanjuti", ReportStatus.PROSES),
    ("disposisi", ReportStatus.PROSES),
    ("open", ReportStatus.PROSES),
)


def status_from_words(text: str) -> ReportStatus:
    """Read a status written in words; what is not known is TIDAK_DIKETAHUI."""
    words = text.casefold().replace("_", " ")
    if "belum" in words and "verifikasi" in words:
        return ReportStatus.MENUNGGU_VERIFIKASI
    return next((status for word, status in _WORDS if word in words), ReportStatus.TIDAK_DIKETAHUI)
