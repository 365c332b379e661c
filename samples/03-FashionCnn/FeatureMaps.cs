using System.Globalization;
using NetGen.Data;

namespace NetGen.Samples;

/// <summary>What a layer makes of an image: one grey picture for each channel.</summary>
internal sealed class FeatureMaps
{
    private const int Margin = 16, Gap = 4, Columns = 16, LineHeight = 22, TextScale = 2;

    private static readonly (byte R, byte G, byte B) Background = (24, 24, 28), Plain = (220, 220, 220);

    private readonly INetwork _part;
    private readonly int _channels, _height, _width;

    private FeatureMaps(INetwork part, ReadOnlySpan<int> shape)
    {
        _part = part;
        (_channels, _height, _width) = (shape[0], shape[1], shape[2]);
    }

    /// <summary>The maps that a network which is the beginning of another one gives, with the other one's parameters.</summary>
    public static FeatureMaps Of(INetwork part, INetwork whole, ReadOnlySpan<int> shape)
    {
        var parameters = whole.Parameters.ToDictionary(p => p.Name);
        foreach (var parameter in part.Parameters)
        {
            parameter.CopyFrom(parameters[parameter.Name].ToArray());
        }

        return new(part, shape);
    }

    /// <summary>Draws some test images, and below each its maps.</summary>
    public static Canvas Draw(FashionData data, int[] images, params FeatureMaps[] layers)
    {
        const int imageScale = 3;
        int side = data.Test.Shape!.Value.Height * imageScale;
        int width = 2 * Margin + layers.Max(l => Columns * (l._width * l.Scale + Gap));
        int height = Margin + images.Length * (side + Margin + layers.Sum(l => LineHeight + l.Rows * (l._height * l.Scale + Gap) + Gap));
        var canvas = new Canvas(width, height, Background);
        int y = Margin;
        foreach (int image in images)
        {
            canvas.Draw(Margin, y, new ImageView(data.Test[image], data.Test.Shape.Value, data.Test.Layout), imageScale);
            canvas.DrawText(2 * Margin + side, y, data.ClassNames[data.Test.LabelOf(image)], TextScale, Plain);
            y += side + Gap;
            foreach (var layer in layers)
            {
                canvas.DrawText(Margin, y,
                    string.Create(CultureInfo.InvariantCulture, $"{layer._channels} maps of {layer._height} x {layer._width}"), TextScale,
                    Plain);
                y += LineHeight;
                layer.DrawMaps(canvas, y, data.Test[image]);
                y += layer.Rows * (layer._height * layer.Scale + Gap) + Gap;
            }

            y += Margin - Gap;
        }

        return canvas;
    }

    /// <summary>Maps of both convolutions are drawn at about the same size.</summary>
    private int Scale => _height >= 28 ? 2 : 4;

    private int Rows => (_channels + Columns - 1) / Columns;

    /// <summary>Black is 0, and white the largest value of that map.</summary>
    private void DrawMaps(Canvas canvas, int top, ReadOnlySpan<byte> pixels)
    {
        var input = new float[pixels.Length];
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = pixels[i] / 255f;
        }

        int size = _height * _width;
        var maps = new float[_channels * size];
        using (var session = _part.CreateSession())
        {
            session.Forward(input, maps);
        }

        var grey = new byte[size];
        for (int channel = 0; channel < _channels; channel++)
        {
            var map = maps.AsSpan(channel * size, size);
            float largest = 0;
            foreach (float value in map)
            {
                largest = Math.Max(largest, value);
            }

            for (int i = 0; i < size; i++)
            {
                grey[i] = largest > 0 ? (byte)MathF.Round(255 * map[i] / largest) : (byte)0;
            }

            canvas.DrawGrey(Margin + channel % Columns * (_width * Scale + Gap), top + channel / Columns * (_height * Scale + Gap), _width,
                grey, Scale);
        }
    }
}
