"""Where files from other people usually lie: sticks, the desktop, downloads."""

from pathlib import Path

from platformdirs import user_desktop_path, user_documents_path, user_downloads_path

from learnsite_desktop.platform.drives import current_partitions, is_removable_device


def sticks() -> list[Path]:
    """Return the folders at which removable drives are mounted now."""
    found = []
    for partition in current_partitions():
        removable = "removable" in partition.options
        if removable or is_removable_device(partition.device):
            place = Path(partition.mountpoint)
            if len(place.parts) > 1 or place.drive:
                found.append(place)
    return found


def usual_places() -> list[Path]:
    """Return the existing folders where a file from elsewhere is looked for first."""
    folders = [*sticks(), user_downloads_path(), user_desktop_path(), user_documents_path()]
    return [folder for folder in dict.fromkeys(folders) if folder.is_dir()]
