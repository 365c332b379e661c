namespace NetGen.Data;

/// <summary>A transform that only moves pixels: it is part of the one pass that reads them.</summary>
public abstract class WindowTransform : Transform
{
    private protected WindowTransform()
    {
    }

    /// <summary>What fills places outside of the image; null where there can be none.</summary>
    internal virtual float? Fill => null;

    /// <summary>Whether there are images that it refuses for their size.</summary>
    internal virtual bool MayRefuse => false;

    /// <summary>The size that an image gets; where the input's is not known (null), the output's may be.</summary>
    /// <exception cref="ArgumentException">No image of this size will do.</exception>
    internal virtual (int? Height, int? Width) SizeOf(int? height, int? width) => (height, width);

    /// <summary>Moves the window.</summary>
    /// <exception cref="InvalidOperationException">The image does not fit.</exception>
    internal abstract void Apply(WindowMap map, ref SampleRandom random);

    internal sealed override void AddTo(TransformPlan.Builder plan) => plan.AddWindow(this);
}
