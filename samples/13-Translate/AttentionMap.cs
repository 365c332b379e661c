using System.Text;

namespace NetGen.Samples;

/// <summary>Where the decoder looked: a column for each character of the text, a row for each that it wrote.</summary>
internal static class AttentionMap
{
    private const int Margin = 12, Cell = 16, TextScale = 2;

    private const string Shades = " ░▒▓█";

    private static readonly (byte R, byte G, byte B) Background = (24, 24, 28), Plain = (220, 220, 220);

    /// <summary>Draws it; the more a character counted the lighter.</summary>
    public static Canvas Draw(string text, Translation translation)
    {
        int left = Margin + Cell + 4, top = Margin + Cell + 4;
        var canvas = new Canvas(left + text.Length * Cell + Margin, top + translation.Date.Length * Cell + Margin, Background);
        for (int column = 0; column < text.Length; column++)
        {
            canvas.DrawText(left + column * Cell + 3, Margin, text[column..(column + 1)], TextScale, Plain);
        }

        for (int row = 0; row < translation.Date.Length; row++)
        {
            int y = top + row * Cell;
            canvas.DrawText(Margin, y + 1, translation.Date[row..(row + 1)], TextScale, Plain);
            for (int column = 0; column < text.Length; column++)
            {
                canvas.Fill(left + column * Cell, y, Cell - 1, Cell - 1, Colour(translation.Attention[row][column]));
            }
        }

        return canvas;
    }

    /// <summary>The same as lines of characters.</summary>
    public static string Write(string text, Translation translation)
    {
        var lines = new StringBuilder().Append("    ").Append(text);
        for (int row = 0; row < translation.Date.Length; row++)
        {
            lines.Append("\n  ").Append(translation.Date[row]).Append(' ');
            foreach (float share in translation.Attention[row])
            {
                lines.Append(Shades[(int)Math.Round(share * (Shades.Length - 1))]);
            }
        }

        return lines.ToString();
    }

    /// <summary>From dark blue over green to yellow.</summary>
    private static (byte R, byte G, byte B) Colour(double share)
        => ((byte)(40 + 213 * share * share), (byte)(36 + 194 * share), (byte)(90 + 240 * share * (1 - share) - 53 * share));
}
