"""What is sold: the kinds of service, with their links, prices and amounts as they are met in the trade."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """What is sold: its links, a usual price in USD per thousand, usual amounts, and usual speeds a day."""

    platform: str
    noun: str
    place: str
    price: tuple[float, float]
    amounts: tuple[int, ...]
    speeds: tuple[int, ...]
    type: str = "default"


SMALL = (50, 100, 100, 150, 200, 250, 300, 500, 500, 1000, 1000, 2000)
MIDDLE = (100, 250, 500, 500, 1000, 1000, 1000, 2000, 3000, 5000, 10000)
LARGE = (1000, 1000, 2000, 5000, 5000, 10000, 10000, 20000, 50000, 100000)
SLOW = (100, 200, 300, 500, 500, 1000, 1000, 2000, 3000)
FAIR = (500, 1000, 1000, 2000, 2000, 3000, 5000, 10000, 20000)
FAST = (3000, 5000, 10000, 20000, 50000, 100000, 500000)
TORRENT = (100000, 500000, 1000000, 5000000, 10000000)

SUBJECTS = (
    Subject("Instagram", "Followers", "profile", (0.6, 4.5), MIDDLE, FAIR),
    Subject("Instagram", "Followers", "profile", (0.4, 2.2), MIDDLE, FAIR),
    Subject("Instagram", "Likes", "post", (0.08, 1.2), MIDDLE, FAST),
    Subject("Instagram", "Reel Views", "reel", (0.004, 0.06), LARGE, TORRENT),
    Subject("Instagram", "Story Views", "story", (0.02, 0.3), MIDDLE, FAST),
    Subject("Instagram", "Custom Comments", "post", (4.0, 14.0), (5, 10, 10, 20, 30, 50), SLOW, "custom_comments"),
    Subject("Instagram", "Saves", "post", (0.03, 0.4), MIDDLE, FAST),
    Subject("Instagram", "Auto Likes", "profile", (0.3, 1.5), SMALL, FAIR, "subscription"),
    Subject("TikTok", "Followers", "profile", (1.0, 5.0), MIDDLE, FAIR),
    Subject("TikTok", "Likes", "video", (0.1, 1.6), MIDDLE, FAST),
    Subject("TikTok", "Video Views", "video", (0.003, 0.05), LARGE, TORRENT),
    Subject("TikTok", "Shares", "video", (0.05, 0.5), MIDDLE, FAST),
    Subject("TikTok", "Live Viewers", "video", (1.5, 6.0), SMALL, FAIR, "package"),
    Subject("YouTube", "Views", "watch", (0.7, 3.5), MIDDLE, SLOW + FAIR),
    Subject("YouTube", "Shorts Views", "shorts", (0.3, 1.6), LARGE, FAIR + FAST),
    Subject("YouTube", "Subscribers", "channel", (4.0, 22.0), SMALL, SLOW),
    Subject("YouTube", "Likes", "watch", (0.4, 2.5), MIDDLE, FAIR),
    Subject("YouTube", "Custom Comments", "watch", (5.0, 18.0), (5, 10, 20, 30, 50), SLOW, "custom_comments"),
    Subject("YouTube", "Watch Hours", "watch", (9.0, 30.0), (500, 1000, 1000, 2000, 4000), SLOW),
    Subject("Telegram", "Channel Members", "channel", (0.3, 3.0), MIDDLE, FAIR),
    Subject("Telegram", "Post Views", "post", (0.01, 0.15), LARGE, FAST),
    Subject("Telegram", "Reactions", "post", (0.05, 0.6), SMALL, FAST),
    Subject("Facebook", "Page Followers", "page", (0.5, 3.0), MIDDLE, FAIR),
    Subject("Facebook", "Post Likes", "post", (0.3, 2.0), SMALL, FAIR),
    Subject("Facebook", "Video Views", "video", (0.05, 0.5), LARGE, FAST),
    Subject("Twitter", "Followers", "profile", (1.2, 8.0), SMALL, SLOW + FAIR),
    Subject("Twitter", "Tweet Views", "post", (0.01, 0.1), LARGE, TORRENT),
    Subject("Twitter", "Retweets", "post", (1.0, 6.0), SMALL, FAIR),
    Subject("Spotify", "Track Plays", "track", (0.2, 1.4), LARGE, FAIR),
    Subject("Spotify", "Followers", "artist", (0.4, 2.2), MIDDLE, FAIR),
    Subject("Website", "Traffic", "site", (0.08, 0.5), LARGE, FAIR + FAST),
    Subject("Threads", "Followers", "profile", (1.5, 6.0), SMALL, SLOW + FAIR),
)
