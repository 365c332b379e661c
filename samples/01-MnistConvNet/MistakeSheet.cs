using System.Globalization;

namespace NetGen.Samples;

/// <summary>A picture of the wrongly classified test images that the network was surest of, with both classes under each.</summary>
internal static class MistakeSheet
{
    private const int Columns = 8, MaxRows = 6;
    private const int Scale = 4, Margin = 16, LineHeight = 20, TextScale = 2;

    private static readonly (byte R, byte G, byte B) Background = (24, 24, 28), Plain = (220, 220, 220), Red = (255, 110, 100),
        Green = (110, 220, 130);

    public static void Write(string path, Dataset data, IReadOnlyList<Mistake> mistakes)
    {
        var shown = mistakes.OrderByDescending(m => m.Confidence).ThenBy(m => m.Index).Take(Columns * MaxRows).ToArray();
        int picture = data.Test.Width * Scale;
        int cellWidth = Math.Max(picture, data.ClassNames.Max(name => name.Length) * Font.Advance * TextScale) + Margin;
        int cellHeight = data.Test.Height * Scale + 2 * LineHeight + Margin;
        int rows = (shown.Length + Columns - 1) / Columns;

        var canvas = new Canvas(Margin + Columns * cellWidth, 2 * Margin + 2 * LineHeight + rows * cellHeight, Background);
        canvas.DrawText(Margin, Margin, Title(shown.Length, mistakes.Count, data.Test.Count), TextScale, Plain);
        canvas.DrawText(Margin, Margin + LineHeight, "Red: what the network says", TextScale, Red);
        canvas.DrawText(Margin + 30 * Font.Advance * TextScale, Margin + LineHeight, "Green: what the image is", TextScale, Green);

        for (int i = 0; i < shown.Length; i++)
        {
            int x = Margin + i % Columns * cellWidth;
            int y = 2 * Margin + 2 * LineHeight + i / Columns * cellHeight;
            canvas.DrawGrey(x, y, data.Test.Width, data.Test[shown[i].Index], Scale);
            canvas.DrawText(x, y + picture + 4, data.ClassNames[shown[i].Predicted], TextScale, Red);
            canvas.DrawText(x, y + picture + 4 + LineHeight, data.ClassNames[shown[i].Actual], TextScale, Green);
        }

        canvas.Save(path);
    }

    private static string Title(int shown, int mistakes, int images) => string.Create(
        CultureInfo.InvariantCulture, $"The surest {shown} of {mistakes:N0} mistakes in {images:N0} test images");
}
