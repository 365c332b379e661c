using NetGen.Data;

namespace NetGen.Samples;

/// <summary>A picture to draw on: RGB, three bytes a pixel, row by row from the top.</summary>
internal sealed class Canvas
{
    private readonly byte[] _rgb;

    public Canvas(int width, int height, (byte R, byte G, byte B) background)
    {
        Width = width;
        Height = height;
        _rgb = new byte[width * height * 3];
        Fill(0, 0, width, height, background);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Three bytes a pixel, row by row from the top.</summary>
    public ReadOnlySpan<byte> Pixels => _rgb;

    public void Save(string path) => PngFile.Write(path, Width, Height, 3, _rgb);

    /// <summary>What was drawn so far.</summary>
    public Image ToImage() => new(Width, Height, 3, [.. _rgb]);

    /// <summary>The first channel of what was drawn.</summary>
    public Image Grey() => new(Width, Height, 1, [.. _rgb.Where((_, i) => i % 3 == 0)]);

    public void Fill(int x, int y, int width, int height, (byte R, byte G, byte B) colour)
    {
        for (int row = y; row < y + height; row++)
        {
            for (int column = x; column < x + width; column++)
            {
                int at = (row * Width + column) * 3;
                (_rgb[at], _rgb[at + 1], _rgb[at + 2]) = colour;
            }
        }
    }

    /// <summary>Draws a grey picture, each of its pixels as a square of <paramref name="scale"/> pixels.</summary>
    public void DrawGrey(int x, int y, int width, ReadOnlySpan<byte> grey, int scale)
    {
        for (int i = 0; i < grey.Length; i++)
        {
            Fill(x + i % width * scale, y + i / width * scale, scale, scale, (grey[i], grey[i], grey[i]));
        }
    }

    /// <summary>Draws a picture of one or three channels, each of its pixels as a square of <paramref name="scale"/> pixels.</summary>
    public void Draw(int x, int y, ImageView picture, int scale)
    {
        (int channels, int height, int width) = picture.Shape;
        (int pixel, int plane) = picture.Layout == PixelLayout.Planar ? (1, height * width) : (channels, 1);
        for (int i = 0; i < height * width; i++)
        {
            int red = i * pixel, green = channels == 1 ? red : red + plane, blue = channels == 1 ? red : green + plane;
            Fill(x + i % width * scale, y + i / width * scale, scale, scale,
                (picture.Pixels[red], picture.Pixels[green], picture.Pixels[blue]));
        }
    }

    /// <summary>Draws a line of text, each dot of the font a square of <paramref name="scale"/> pixels.</summary>
    public void DrawText(int x, int y, string text, int scale, (byte R, byte G, byte B) colour)
    {
        foreach (char c in text)
        {
            for (int row = 0; row < Font.Height; row++)
            {
                for (int column = 0; column < Font.Width; column++)
                {
                    if (Font.IsSet(c, column, row))
                    {
                        Fill(x + column * scale, y + row * scale, scale, scale, colour);
                    }
                }
            }

            x += Font.Advance * scale;
        }
    }
}
