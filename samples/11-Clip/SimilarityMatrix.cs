using System.Globalization;
using NetGen.Data;

namespace NetGen.Samples;

/// <summary>
/// How near the images of each class lie to the sentences of each: a row for a class's sentences, a column for its images.
/// </summary>
internal static class SimilarityMatrix
{
    private const int Margin = 16, Cell = 56, Left = 180, TextScale = 2;

    private static readonly (byte R, byte G, byte B) Background = (24, 24, 28), Plain = (220, 220, 220), Dark = (24, 24, 28);

    /// <summary>Draws the matrix, the first image of each class above its column.</summary>
    public static Canvas Draw(double[,] similarities, InMemoryImages images)
    {
        int classes = similarities.GetLength(0), top = Margin + Cell + 4;
        var canvas = new Canvas(Left + classes * Cell + Margin, top + classes * Cell + Margin, Background);
        for (int image = 0; image < classes; image++)
        {
            if (Enumerable.Range(0, images.Count).FirstOrDefault(i => images.LabelOf(i) == image, -1) is int first and >= 0)
            {
                canvas.Draw(Left + image * Cell, Margin, new ImageView(images[first], images.Shape!.Value, images.Layout), 2);
            }
        }

        for (int sentence = 0; sentence < classes; sentence++)
        {
            int y = top + sentence * Cell;
            canvas.DrawText(Margin, y + Cell / 2 - 7, images.ClassNames[sentence], TextScale, Plain);
            for (int image = 0; image < classes; image++)
            {
                double similarity = similarities[image, sentence];
                var colour = Colour(similarity);
                canvas.Fill(Left + image * Cell, y, Cell - 2, Cell - 2, colour);
                string text = similarity.ToString("F2", CultureInfo.InvariantCulture);
                canvas.DrawText(Left + image * Cell + (Cell - 2 - text.Length * Font.Advance) / 2, y + Cell / 2 - 4, text, 1,
                    colour.G > 128 ? Dark : Plain);
            }
        }

        return canvas;
    }

    /// <summary>From dark blue, nothing in common or less, over green to yellow, the same.</summary>
    private static (byte R, byte G, byte B) Colour(double similarity)
    {
        double t = Math.Clamp(similarity, 0, 1);
        return ((byte)(40 + 213 * t * t), (byte)(36 + 194 * t), (byte)(90 + 60 * t * (1 - t) * 4 - 53 * t));
    }
}
