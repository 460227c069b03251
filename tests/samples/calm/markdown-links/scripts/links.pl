#!/usr/bin/env perl
# Print broken relative links of the Markdown files below a folder. Usage: links.pl FOLDER
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Find qw(find);
use File::Spec;

my $root = shift // die "usage: links.pl FOLDER\n";
-d $root or die "links.pl: $root is no folder\n";

my @files;
find({ no_chdir => 1, wanted => sub { push @files, $_ if /\.md\z/ && -f } }, $root);

# The lines of a file outside code fences, as [line number, text].
sub prose {
    my ($path) = @_;
    open my $in, '<:encoding(UTF-8)', $path or die "links.pl: $path: $!\n";
    my ($fenced, @lines) = (0);
    while (my $line = <$in>) {
        if ($line =~ /^\s*(?:```|~~~)/) { $fenced = !$fenced; next }
        push @lines, [$., $line] unless $fenced;
    }
    return @lines;
}

sub anchors {
    my ($path) = @_;
    my %seen;
    for (prose($path)) {
        my ($heading) = $_->[1] =~ /^#{1,6}\s+(.*?)\s*#*\s*$/ or next;
        $heading = lc $heading;
        $heading =~ s/[^\w\s-]//g;
        $heading =~ s/\s/-/g;
        $seen{$heading} = 1;
    }
    return \%seen;
}

my %anchors_of;
for my $file (sort @files) {
    for (prose($file)) {
        my ($number, $text) = @$_;
        while ($text =~ /!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)/g) {
            my $target = $1;
            next if $target =~ /^[a-z][a-z0-9+.-]*:/i || $target =~ m{^/};
            my ($path, $anchor) = split /#/, $target, 2;
            my $full = length $path ? File::Spec->catfile(dirname($file), $path) : $file;
            if (!-e $full) {
                print "$file:$number: $target: no such file\n";
            }
            elsif (defined $anchor && length $anchor && $full =~ /\.md\z/) {
                $anchors_of{$full} //= anchors($full);
                print "$file:$number: $target: no such heading\n" unless $anchors_of{$full}{$anchor};
            }
        }
    }
}
