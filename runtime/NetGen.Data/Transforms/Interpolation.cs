namespace NetGen.Data;

/// <summary>What a place between pixels becomes.</summary>
public enum Interpolation
{
    /// <summary>The pixel that the place lies in.</summary>
    Nearest,

    /// <summary>The four pixels around it, each by its nearness.</summary>
    Bilinear,
}
