using System.Text;
using ScottPlot;
using SkiaSharp;

namespace NetGen.Plots;

/// <summary>
/// A picture of one plot, or of several side by side, as PNG or SVG. The plots are ScottPlot's, and may be changed before the picture is
/// made.
/// </summary>
public sealed class Figure
{
    // What a picture of a few screens has; more is a mistake in the units.
    private const int MostPixels = 20_000;

    private readonly int _width, _height;

    internal Figure(int width, int height, params Plot[] panels)
    {
        (_width, _height) = (width, height);
        Panels = panels;
    }

    /// <summary>The plots, from left to right.</summary>
    public IReadOnlyList<Plot> Panels { get; }

    /// <summary>The picture as PNG.</summary>
    /// <param name="width">Pixels from left to right; null for the figure's own.</param>
    /// <param name="height">Pixels from top to bottom; null for the figure's own.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1 or above 20,000.</exception>
    public byte[] ToPng(int? width = null, int? height = null)
    {
        (int across, int down) = SizeOf(width, height);
        using SKSurface surface = SKSurface.Create(new SKImageInfo(across, down))
            ?? throw new InvalidOperationException($"There is no memory for a picture of {across} × {down} pixels.");
        Draw(surface.Canvas, across, down);
        using SKImage image = surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The picture as SVG.</summary>
    /// <param name="width">Units from left to right; null for the figure's own.</param>
    /// <param name="height">Units from top to bottom; null for the figure's own.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1 or above 20,000.</exception>
    public string ToSvg(int? width = null, int? height = null)
    {
        (int across, int down) = SizeOf(width, height);
        using var stream = new MemoryStream();
        // The end of the text is written when the canvas is disposed of.
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, across, down), stream))
            Draw(canvas, across, down);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Writes the picture as PNG.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="width">Pixels from left to right; null for the figure's own.</param>
    /// <param name="height">Pixels from top to bottom; null for the figure's own.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1 or above 20,000.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path, int? width = null, int? height = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        File.WriteAllBytes(path, ToPng(width, height));
    }

    /// <summary>Writes the picture as SVG.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="width">Units from left to right; null for the figure's own.</param>
    /// <param name="height">Units from top to bottom; null for the figure's own.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1 or above 20,000.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveSvg(string path, int? width = null, int? height = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        File.WriteAllText(path, ToSvg(width, height));
    }

    private (int Width, int Height) SizeOf(int? width, int? height)
    {
        int across = width ?? _width, down = height ?? _height;
        if (across is < 1 or > MostPixels)
            throw new ArgumentOutOfRangeException(nameof(width), across, $"Expected 1 to {MostPixels}.");
        if (down is < 1 or > MostPixels)
            throw new ArgumentOutOfRangeException(nameof(height), down, $"Expected 1 to {MostPixels}.");
        return (across, down);
    }

    private void Draw(SKCanvas canvas, int width, int height)
    {
        for (int i = 0; i < Panels.Count; i++)
        {
            int left = i * width / Panels.Count, right = (i + 1) * width / Panels.Count;
            // The first time a plot finds its layout, and draws it twice: the texts of an SVG would be there twice.
            Panels[i].RenderInMemory(right - left, height);
            canvas.Save();
            // A plot begins by clearing whatever it may draw on.
            canvas.ClipRect(new SKRect(left, 0, right, height));
            Panels[i].Render(canvas, new PixelRect(left, right, height, 0));
            canvas.Restore();
        }
    }
}
