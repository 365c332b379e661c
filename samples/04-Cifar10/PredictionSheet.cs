using System.Globalization;
using NetGen.Data;

namespace NetGen.Samples;

/// <summary>A picture of the first test images with what the network says of each.</summary>
internal static class PredictionSheet
{
    private const int Columns = 8, Rows = 5;
    private const int Scale = 3, Margin = 16, LineHeight = 20, TextScale = 2;

    private static readonly (byte R, byte G, byte B) Background = (24, 24, 28), Plain = (220, 220, 220), Red = (255, 110, 100),
        Green = (110, 220, 130);

    public static Canvas Draw(CifarNet.Session session, InMemoryImages images, Transform transform, double accuracy)
    {
        var names = images.ClassNames;
        var shape = images.Shape!.Value;
        int cellWidth = Math.Max(shape.Width * Scale, names.Max(name => name.Length) * Font.Advance * TextScale) + Margin,
            cellHeight = shape.Height * Scale + 2 * LineHeight + Margin;
        var canvas = new Canvas(Margin + Columns * cellWidth, 2 * Margin + 2 * LineHeight + Rows * cellHeight, Background);
        canvas.DrawText(Margin, Margin,
            string.Create(CultureInfo.InvariantCulture, $"Test accuracy {accuracy:P1}. What the network says of the first images:"),
            TextScale, Plain);
        canvas.DrawText(Margin, Margin + LineHeight, "Green: right", TextScale, Green);
        canvas.DrawText(Margin + 16 * Font.Advance * TextScale, Margin + LineHeight, "Red: wrong, and what it is", TextScale, Red);

        var preprocessor = new Preprocessor(transform, shape);
        var input = new float[CifarNet.InputSize];
        var logits = new float[CifarNet.OutputSize];
        var buffer = new ImageBuffer();
        for (int i = 0; i < Math.Min(Columns * Rows, images.Count); i++)
        {
            var image = images.Read(i, buffer);
            preprocessor.Apply(image, input);
            session.Forward(input, logits);
            int predicted = ClassMetric.ArgMax(logits), actual = images.LabelOf(i);

            int x = Margin + i % Columns * cellWidth, y = 2 * Margin + 2 * LineHeight + i / Columns * cellHeight;
            canvas.Draw(x, y, image, Scale);
            canvas.DrawText(x, y + shape.Height * Scale + 4, names[predicted], TextScale, predicted == actual ? Green : Red);
            if (predicted != actual)
            {
                canvas.DrawText(x, y + shape.Height * Scale + 4 + LineHeight, names[actual], TextScale, Plain);
            }
        }

        return canvas;
    }
}
