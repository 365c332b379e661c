using System.Globalization;

namespace NetGen.Samples;

/// <summary>A picture of loss and metrics by epoch.</summary>
internal static class LearningCurves
{
    private const int PlotWidth = 640, PlotHeight = 320, Margin = 24, Left = 90, LineHeight = 22, TextScale = 2;

    private static readonly (byte R, byte G, byte B) Background = (24, 24, 28), Plain = (220, 220, 220), Faint = (60, 60, 66);

    private static readonly (byte R, byte G, byte B)[] Colours = [(255, 190, 80), (110, 220, 130), (110, 170, 255), (255, 110, 160)];

    /// <summary>Draws the curves on one scale, from 0 up.</summary>
    /// <param name="title">What was trained.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="metrics">The names of the metrics.</param>
    public static Canvas Draw(string title, FitResult result, IReadOnlyList<string> metrics)
    {
        string[] names = ["training loss", .. metrics];
        double[][] curves = [.. names.Select((_, i) => result.Epochs.Select(e => i == 0 ? e.Loss : e.Metrics[i - 1]).ToArray())];
        double top = Math.Max(1, Math.Ceiling(curves.SelectMany(c => c).Where(double.IsFinite).DefaultIfEmpty(1).Max() * 2) / 2);

        var canvas =
            new Canvas(Left + PlotWidth + Margin, 2 * Margin + 2 * LineHeight + PlotHeight + (names.Length + 1) * LineHeight, Background);
        canvas.DrawText(Margin, Margin, title, TextScale, Plain);
        int y0 = Margin + 2 * LineHeight + PlotHeight;
        for (int line = 0; line <= 5; line++)
        {
            int y = y0 - PlotHeight * line / 5;
            canvas.Fill(Left, y, PlotWidth, 1, Faint);
            canvas.DrawText(Margin, y - 7, (top * line / 5).ToString("F2", CultureInfo.InvariantCulture), TextScale, Plain);
        }

        canvas.DrawText(Left, y0 + 8, "epoch 1", TextScale, Plain);
        string last = string.Create(CultureInfo.InvariantCulture, $"{result.Epochs.Count}");
        canvas.DrawText(Left + PlotWidth - last.Length * Font.Advance * TextScale, y0 + 8, last, TextScale, Plain);
        for (int i = 0; i < curves.Length; i++)
        {
            DrawCurve(canvas, curves[i], top, y0, Colours[i % Colours.Length]);
            string name = string.Create(CultureInfo.InvariantCulture, $"{names[i]} {curves[i][^1]:F4}");
            canvas.DrawText(Left, y0 + 12 + (i + 1) * LineHeight, name, TextScale, Colours[i % Colours.Length]);
        }

        return canvas;
    }

    private static void DrawCurve(Canvas canvas, double[] values, double top, int y0, (byte R, byte G, byte B) colour)
    {
        int X(int i) => Left + (values.Length == 1 ? PlotWidth / 2 : (PlotWidth - 3) * i / (values.Length - 1));
        int Y(double value) => y0 - (int)Math.Round(PlotHeight * Math.Clamp(value / top, 0, 1));
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                continue;
            }

            canvas.Fill(X(i) - 2, Y(values[i]) - 2, 6, 6, colour);
            if (i + 1 < values.Length && double.IsFinite(values[i + 1]))
            {
                for (int x = X(i); x < X(i + 1); x++)
                {
                    // Each column from where the line enters it to where it leaves, so that steep lines have no gaps.
                    double step = (values[i + 1] - values[i]) / (X(i + 1) - X(i));
                    int enters = Y(values[i] + (x - X(i)) * step), leaves = Y(values[i] + (x + 1 - X(i)) * step);
                    canvas.Fill(x, Math.Min(enters, leaves), 2, Math.Abs(leaves - enters) + 2, colour);
                }
            }
        }
    }
}
