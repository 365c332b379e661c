namespace NetGen.CompilerServices;

/// <summary>A session or trainer that has its work done by a device: where the present call's values are.</summary>
internal unsafe interface IDeviceCaller
{
    /// <summary>Where the caller's values of a port are; null where the caller has given nothing.</summary>
    void* PortAddress(int port);

    /// <summary>Where the positions of the call's samples begin, and behind the last of them.</summary>
    /// <param name="axis">Which of the network's lengths.</param>
    int* StartsOf(int axis);
}
