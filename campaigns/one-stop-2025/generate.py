"""Make the participants and dossiers of the one-stop desks: all made up, from a fixed seed, in whole numbers only.

An export of the kind one-stop software writes: a row for each change of a dossier, moments as 05/09/2025 08:31.
"""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
HEADER = (
    *("Mã hồ sơ", "Đơn vị", "Thủ tục", "Hình thức nộp", "Thanh toán trực tuyến"),
    *("Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả", "Cập nhật lúc"),
)
DESKS = (  # id, name, type, dossiers, and of a hundred: online, paid online, late
    ("01840", "Phường Đức Xuân", "phường", 60, 86, 70, 0),
    ("01843", "Phường Bắc Kạn", "phường", 75, 82, 64, 4),
    ("01849", "Xã Phong Quang", "xã", 30, 71, 40, 0),
    ("01864", "Xã Bằng Thành", "xã", 24, 55, 35, 9),
    ("01879", "Xã Cao Minh", "xã", 28, 62, 48, 7),
    ("01882", "Xã Nghiên Loan", "xã", 20, 48, 20, 15),
    ("01894", "Xã Phúc Lộc", "xã", 22, 80, 60, 0),
    ("01906", "Xã Ba Bể", "xã", 0, 0, 0, 0),  # its desk opened, and nobody came
)
PROCEDURES = (("Chứng thực bản sao", 1, True), ("Đăng ký khai sinh", 1, False), ("Đăng ký hộ kinh doanh", 3, True))
FIRST, EXPORTED = map(datetime.fromisoformat, ("2025-09-01T07:30", "2025-10-31T17:00"))


def written(moment: datetime) -> str:
    """Write a moment as the export does."""
    return moment.strftime("%d/%m/%Y %H:%M")


def changes(rng: Random, number: int, desk: tuple[str, str, str, int, int, int, int]) -> list[tuple[str, ...]]:
    """Give the rows of one dossier: when it was received, and when it was returned, if it was."""
    id, name, _, _, online, paid, late = desk
    procedure, days, fee = PROCEDURES[rng.randrange(len(PROCEDURES))]
    received = FIRST + timedelta(days=rng.randrange(59), minutes=rng.randrange(540))
    due = received + timedelta(days=days)
    took = timedelta(days=days, hours=rng.randint(1, 60)) if rng.randrange(100) < late else timedelta(hours=days * 12)
    returned = received + took
    channel = "Trực tuyến" if rng.randrange(100) < online else rng.choice(("Trực tiếp", "Bưu chính"))
    payment = "" if not fee else "có" if rng.randrange(100) < paid else "không"
    case = (f"H{id}-{number:04}", name, procedure, channel, payment, written(received), written(due))
    rows = [(*case, "", written(received))]
    return [*rows, (*case, written(returned), written(returned))] if returned <= EXPORTED else rows


def main() -> None:
    """Write both tables."""
    rng = Random(20251031)
    with (HERE / "participants.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("id", "name", "kind"))
        table.writerows((id, name, "commune") for id, name, *_ in DESKS)
    with (HERE / "dossiers.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter=";", lineterminator="\n")
        table.writerow(HEADER)
        for desk in DESKS:
            for number in range(1, desk[3] + 1):
                table.writerows(changes(rng, number, desk))


if __name__ == "__main__":
    main()
