namespace NetGen.Data;

/// <summary>How the numbers of a column are brought to a like size: (value − centre) / scale, as scikit-learn's scalers have it.</summary>
public enum Scaling
{
    /// <summary>They stay as they are.</summary>
    None,

    /// <summary>The mean is the centre and the standard deviation the scale (of the rows themselves, divided by their number).</summary>
    Standard,

    /// <summary>The least becomes 0, and the greatest 1.</summary>
    MinMax,

    /// <summary>The median is the centre, and the distance of the quartiles the scale: a few values far away change neither.</summary>
    Robust,
}
