namespace NetGen.Data;

/// <summary>
/// Changes colours in place, with the arithmetic and the roundings of PIL's <c>ImageEnhance</c> and of its conversion to HSV and back.
/// </summary>
internal static class PixelColours
{
    /// <summary>Every value times a factor.</summary>
    public static void Brighten(Span<byte> pixels, float factor) => MixWith(0, pixels, factor);

    /// <summary>Every value as far from the mean of the luma as a factor says.</summary>
    public static void Contrast(Span<byte> pixels, ImageShape shape, PixelLayout layout, float factor)
    {
        (int pixel, int channel, int area) = Steps(shape, layout);
        long sum = 0;
        for (int i = 0; i < area; i++)
            sum += shape.Channels == 1 ? pixels[i] : Luma(pixels, i * pixel, channel);
        MixWith((byte)((double)sum / area + 0.5), pixels, factor);
    }

    /// <summary>Every value as far from the luma of its pixel as a factor says.</summary>
    public static void Saturate(Span<byte> pixels, ImageShape shape, PixelLayout layout, float factor)
    {
        if (shape.Channels == 1)
            return;
        (int pixel, int channel, int area) = Steps(shape, layout);
        for (int i = 0; i < area; i++)
        {
            byte grey = Luma(pixels, i * pixel, channel);
            for (int c = 0; c < 3; c++)
            {
                ref byte value = ref pixels[i * pixel + c * channel];
                value = Mix(grey, value, factor);
            }
        }
    }

    /// <summary>Turns the circle of colours, of 256 steps, by a share of it, rounded towards zero.</summary>
    public static void TurnHue(Span<byte> pixels, ImageShape shape, PixelLayout layout, double share)
    {
        if (shape.Channels == 1)
            return;
        (int pixel, int channel, int area) = Steps(shape, layout);
        byte turn = (byte)(int)(share * 255);
        for (int i = 0; i < area; i++)
        {
            ref byte r = ref pixels[i * pixel], g = ref pixels[i * pixel + channel], b = ref pixels[i * pixel + 2 * channel];
            (byte hue, byte saturation, byte value) = ToHsv(r, g, b);
            (r, g, b) = ToRgb((byte)(hue + turn), saturation, value);
        }
    }

    private static (int Pixel, int Channel, int Area) Steps(ImageShape shape, PixelLayout layout)
    {
        int area = shape.Height * shape.Width;
        return layout == PixelLayout.Planar ? (1, area, area) : (shape.Channels, 1, area);
    }

    private static byte Luma(Span<byte> pixels, int at, int channel)
        => PixelConversion.Luma(pixels[at], pixels[at + channel], pixels[at + 2 * channel]);

    private static void MixWith(byte other, Span<byte> pixels, float factor)
    {
        Span<byte> table = stackalloc byte[256];
        for (int value = 0; value < 256; value++)
            table[value] = Mix(other, (byte)value, factor);
        foreach (ref byte value in pixels)
            value = table[value];
    }

    /// <summary>From one value towards another, and beyond it where the factor is above 1; truncated.</summary>
    private static byte Mix(byte from, byte to, float factor)
    {
        float mixed = from + factor * (to - from);
        return mixed <= 0 ? (byte)0 : mixed >= 255 ? (byte)255 : (byte)mixed;
    }

    private static (byte Hue, byte Saturation, byte Value) ToHsv(byte r, byte g, byte b)
    {
        byte most = Math.Max(r, Math.Max(g, b)), least = Math.Min(r, Math.Min(g, b));
        if (most == least)
            return (0, 0, most);
        float range = most - least, saturation = range / most;
        float red = (most - r) / range, green = (most - g) / range, blue = (most - b) / range;
        float hue = r == most ? blue - green : g == most ? (float)(2.0 + red - blue) : (float)(4.0 + green - red);
        hue = (float)((hue / 6.0 + 1.0) % 1.0);
        return ((byte)Math.Clamp((int)(hue * 255.0), 0, 255), (byte)Math.Clamp((int)(saturation * 255.0), 0, 255), most);
    }

    private static (byte R, byte G, byte B) ToRgb(byte hue, byte saturation, byte value)
    {
        if (saturation == 0)
            return (value, value, value);
        int sector = (int)Math.Floor((float)hue * 6.0 / 255.0);
        float rest = (float)((float)hue * 6.0 / 255.0 - sector), share = (float)(saturation / 255.0);
        byte p = Round(value * (1.0 - share)), q = Round(value * (1.0 - share * rest)), t = Round(value * (1.0 - share * (1.0 - rest)));
        return (sector % 6) switch
        {
            0 => (value, t, p),
            1 => (q, value, p),
            2 => (p, value, t),
            3 => (p, q, value),
            4 => (t, p, value),
            _ => (value, p, q),
        };
    }

    private static byte Round(double value) => (byte)Math.Clamp((int)Math.Round(value, MidpointRounding.AwayFromZero), 0, 255);
}
