namespace NetGen.Data;

/// <summary>
/// Where the pixels of an output come from, after any number of crops, paddings and flips: row y is row firstRow ± y of the input, column x
/// likewise. Each crop that may reach beyond its input adds a layer: the places outside of it take that crop's fill. Layers lie within
/// each other, the first innermost.
/// </summary>
internal sealed class WindowMap(int capacity)
{
    private readonly Rectangle[] _layers = new Rectangle[capacity];

    public int Height { get; private set; }

    public int Width { get; private set; }

    /// <summary>The input's row of the output's row 0.</summary>
    public int FirstRow { get; private set; }

    /// <summary>1 or −1.</summary>
    public int RowStep { get; private set; }

    /// <summary>The input's column of the output's column 0.</summary>
    public int FirstColumn { get; private set; }

    /// <summary>1 or −1.</summary>
    public int ColumnStep { get; private set; }

    /// <summary>For each crop with a fill so far, the part of the output that its input covers.</summary>
    public ReadOnlySpan<Rectangle> Layers => _layers.AsSpan(0, LayerCount);

    public int LayerCount { get; private set; }

    /// <summary>The part of the output that shows the input.</summary>
    public Rectangle Source => LayerCount > 0 ? _layers[0] : new Rectangle(0, 0, Height, Width);

    /// <summary>The whole input, as it is.</summary>
    public void Reset(int height, int width)
    {
        (Height, Width) = (height, width);
        (FirstRow, RowStep, FirstColumn, ColumnStep) = (0, 1, 0, 1);
        LayerCount = 0;
    }

    /// <summary>Cuts out a window. One that may reach beyond the output so far has a fill, and so adds a layer, visible or not.</summary>
    public void Crop(int top, int left, int height, int width, bool hasFill)
    {
        if (hasFill)
            _layers[LayerCount++] = new Rectangle(0, 0, Height, Width);
        for (int i = 0; i < LayerCount; i++)
        {
            Rectangle layer = _layers[i];
            int newTop = Math.Clamp(layer.Top - top, 0, height), newLeft = Math.Clamp(layer.Left - left, 0, width);
            _layers[i] =
                new Rectangle(newTop, newLeft, Math.Clamp(layer.Bottom - top, newTop, height),
                Math.Clamp(layer.Right - left, newLeft, width));
        }
        FirstRow += RowStep * top;
        FirstColumn += ColumnStep * left;
        (Height, Width) = (height, width);
    }

    public void FlipHorizontal()
    {
        FirstColumn += ColumnStep * (Width - 1);
        ColumnStep = -ColumnStep;
        for (int i = 0; i < LayerCount; i++)
            _layers[i] = _layers[i] with { Left = Width - _layers[i].Right, Right = Width - _layers[i].Left };
    }

    public void FlipVertical()
    {
        FirstRow += RowStep * (Height - 1);
        RowStep = -RowStep;
        for (int i = 0; i < LayerCount; i++)
            _layers[i] = _layers[i] with { Top = Height - _layers[i].Bottom, Bottom = Height - _layers[i].Top };
    }

    /// <summary>Part of an image, its bottom and right excluded.</summary>
    internal readonly record struct Rectangle(int Top, int Left, int Bottom, int Right)
    {
        public bool IsEmpty => Bottom <= Top || Right <= Left;
    }
}
