"""Say what the tide does."""

from src.tide import height


def main():
    print(height(6))


if __name__ == "__main__":
    main()
