using System.Globalization;

namespace NetGen.Samples;

/// <summary>
/// A picture of the wrongly classified test images that the network was surest of, with both classes under each, and how sure it was.
/// </summary>
internal static class MistakeSheet
{
    private const int Columns = 8, MaxRows = 6;
    private const int Scale = 4, Margin = 16, LineHeight = 20, TextScale = 2;

    private static readonly (byte R, byte G, byte B) Background = (24, 24, 28), Plain = (220, 220, 220), Red = (255, 110, 100),
        Green = (110, 220, 130);

    /// <summary>Draws the picture.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="data">The images and what their classes are called.</param>
    /// <param name="mistakes">All mistakes, the surest first.</param>
    public static void Write(string path, FashionData data, IReadOnlyList<Mistake> mistakes)
    {
        Mistake[] shown = [.. mistakes.Take(Columns * MaxRows)];
        (_, int height, int width) = data.Test.Shape!.Value;
        int picture = width * Scale;
        string[] says = [.. shown.Select(mistake => Says(data.ClassNames, mistake))];
        int cellWidth = Math.Max(picture, says.Concat(data.ClassNames).Max(text => text.Length) * Font.Advance * TextScale) + Margin;
        int cellHeight = height * Scale + 2 * LineHeight + Margin;
        int rows = (shown.Length + Columns - 1) / Columns;

        var canvas = new Canvas(Margin + Columns * cellWidth, 2 * Margin + 2 * LineHeight + rows * cellHeight, Background);
        canvas.DrawText(Margin, Margin, Title(shown.Length, mistakes.Count, data.Test.Count), TextScale, Plain);
        canvas.DrawText(Margin, Margin + LineHeight, "Red: what the network says, and how sure it is", TextScale, Red);
        canvas.DrawText(Margin + 50 * Font.Advance * TextScale, Margin + LineHeight, "Green: what the image is", TextScale, Green);

        for (int i = 0; i < shown.Length; i++)
        {
            int x = Margin + i % Columns * cellWidth;
            int y = 2 * Margin + 2 * LineHeight + i / Columns * cellHeight;
            canvas.DrawGrey(x, y, width, data.Test[shown[i].Index], Scale);
            canvas.DrawText(x, y + picture + 4, says[i], TextScale, Red);
            canvas.DrawText(x, y + picture + 4 + LineHeight, data.ClassNames[shown[i].Actual], TextScale, Green);
        }

        canvas.Save(path);
    }

    private static string Says(IReadOnlyList<string> classes, Mistake mistake)
        => string.Create(CultureInfo.InvariantCulture, $"{classes[mistake.Predicted]} {100 * mistake.Confidence:F1}%");

    private static string Title(int shown, int mistakes, int images) => string.Create(
        CultureInfo.InvariantCulture, $"The surest {shown} of {mistakes:N0} mistakes in {images:N0} test images");
}
