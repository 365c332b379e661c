using System.Globalization;
using NetGen.Data;

namespace NetGen.Samples;

/// <summary>The picture that shows it all: the scene, what each kernel makes of it, and the kernel that was learned.</summary>
internal static class FilterSheet
{
    private const int Columns = 4, Scale = 2, Margin = 16, LineHeight = 20, TextScale = 2;
    private const int Cell = FilterNet.Size * Scale + Margin;

    private static readonly (byte R, byte G, byte B) Background = (24, 24, 28), Plain = (220, 220, 220), Faint = (140, 140, 150);

    public static Canvas Draw(float[] scene, IReadOnlyList<(string Title, float[] Values, bool Signed)> filtered, EdgeLearning learning)
    {
        int rows = (filtered.Count + 1 + Columns - 1) / Columns, cellHeight = Cell + LineHeight;
        int learnedHeight = 6 * 16 + 3 * LineHeight + Margin;
        var canvas = new Canvas(Margin + Columns * Cell, Margin + rows * cellHeight + learnedHeight, Background);
        Place(0, "The picture", scene, signed: false);
        for (int i = 0; i < filtered.Count; i++)
        {
            Place(i + 1, filtered[i].Title, filtered[i].Values, filtered[i].Signed);
        }

        int top = Margin + rows * cellHeight;
        canvas.DrawText(Margin, top, string.Create(CultureInfo.InvariantCulture,
            $"Learned in {EdgeLearning.Steps} steps: {learning.Weights[^1][0]:F3}, {learning.Weights[^1][1]:F3}"), TextScale, Plain);
        top += LineHeight + 4;
        DrawSmall(Margin, "Picture", learning.Picture, 8, signed: false);
        DrawSmall(Margin + 200, "Edges wanted", learning.Edges, 7);
        DrawSmall(Margin + 400, "Edges found", learning.Output, 7);
        return canvas;

        void Place(int index, string title, float[] values, bool signed)
        {
            int x = Margin + index % Columns * Cell, y = Margin + index / Columns * cellHeight;
            canvas.DrawText(x, y, title, TextScale, Plain);
            canvas.DrawGrey(x, y + LineHeight, FilterNet.Size, Grey(values, signed), Scale);
        }

        void DrawSmall(int x, string title, float[] values, int width, bool signed = true)
        {
            canvas.DrawText(x, top, title, TextScale, Faint);
            canvas.DrawGrey(x, top + LineHeight, width, Grey(values, signed), 16);
        }
    }

    /// <summary>Bytes to look at: black to white is 0 to 1, or with signs −m to m, where m is the largest magnitude.</summary>
    private static byte[] Grey(float[] values, bool signed)
    {
        float largest = Math.Max(values.Max(Math.Abs), 1e-6f);
        return [.. values.Select(value => (byte)Math.Clamp(255 * (signed ? 0.5f + value / (2 * largest) : value) + 0.5f, 0, 255))];
    }
}
