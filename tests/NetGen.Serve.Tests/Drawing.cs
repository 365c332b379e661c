namespace NetGen.Serve.Tests;

/// <summary>
/// Digits drawn with a round pen, as one would on the page, and brought to 28 × 28 as MNIST's were: a box of 20, centred by mass.
/// </summary>
internal static class Drawing
{
    /// <summary>Strokes of each digit in a square of side 1, y downwards.</summary>
    public static (double X, double Y)[][] Strokes(int digit) => digit switch
    {
        0 => [Arc(.5, .5, .3, .42, 0, 360)],
        1 => [[(.5, .08), (.5, .92)]],
        2 => [[.. Arc(.5, .3, .26, .22, 180, 400), (.25, .9), (.8, .9)]],
        3 => [[.. Arc(.45, .28, .27, .2, 200, 450), .. Arc(.45, .7, .3, .22, 270, 520)]],
        4 => [[(.6, .92), (.6, .08), (.2, .62), (.85, .62)]],
        5 => [[(.78, .1), (.32, .1), (.28, .45), .. Arc(.48, .66, .27, .25, 240, 500)]],
        6 => [[(.62, .06), (.38, .4), .. Arc(.5, .68, .22, .22, 200, 560)]],
        7 => [[(.2, .12), (.8, .12), (.42, .92)]],
        8 => [Arc(.5, .28, .2, .2, 90, 450), Arc(.5, .7, .25, .22, 270, 630)],
        _ => [[.. Arc(.5, .32, .23, .23, 0, 360), (.73, .32), (.64, .94)]],
    };

    public static byte[] Digit(int digit)
    {
        const int Fine = 200;
        const double Pen = 0.055;
        (double X, double Y)[][] strokes = Strokes(digit);
        var ink = new List<(double X, double Y)>();
        for (int y = 0; y < Fine; y++)
        {
            for (int x = 0; x < Fine; x++)
            {
                (double px, double py) = ((x + .5) / Fine * 1.2 - .1, (y + .5) / Fine * 1.2 - .1);
                if (strokes.Any(stroke => stroke.Zip(stroke.Skip(1)).Any(line => Distance(px, py, line.First, line.Second) < Pen)))
                    ink.Add((px, py));
            }
        }
        double scale = 20 / Math.Max(ink.Max(p => p.X) - ink.Min(p => p.X), ink.Max(p => p.Y) - ink.Min(p => p.Y));
        double centreX = ink.Average(p => p.X), centreY = ink.Average(p => p.Y);
        var counts = new double[28 * 28];
        foreach ((double x, double y) in ink)
        {
            int column = (int)Math.Floor((x - centreX) * scale + 14), row = (int)Math.Floor((y - centreY) * scale + 14);
            if ((uint)row < 28 && (uint)column < 28)
                counts[row * 28 + column]++;
        }
        // Points of the fine grid that fill a pixel.
        double full = Math.Pow(Fine / 1.2 / scale, 2);
        return Array.ConvertAll(counts, count => (byte)Math.Min(255, 255 * count / full));
    }

    private static (double X, double Y)[] Arc(double x, double y, double rx, double ry, double from, double to) =>
        [.. Enumerable.Range(0, 41).Select(i => (from + (to - from) * i / 40) * Math.PI / 180)
            .Select(a => (x + rx * Math.Cos(a), y + ry * Math.Sin(a)))];

    private static double Distance(double x, double y, (double X, double Y) a, (double X, double Y) b)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, length = dx * dx + dy * dy;
        double t = length == 0 ? 0 : Math.Clamp(((x - a.X) * dx + (y - a.Y) * dy) / length, 0, 1);
        return Math.Sqrt(Math.Pow(x - a.X - t * dx, 2) + Math.Pow(y - a.Y - t * dy, 2));
    }
}
